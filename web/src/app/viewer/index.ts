export { type Citation, showCitation } from "./citation";
