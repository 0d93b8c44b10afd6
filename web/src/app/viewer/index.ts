export { type Citation, showCitation } from "./citation";
export { Viewer } from "./Viewer";
