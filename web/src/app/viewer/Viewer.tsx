// A document: the picture of a page beside its text, what can be done with it, and questions about it.

import { useEffect, useRef, useState } from "preact/hooks";
import type { BBox, Page } from "../../api";
import { Chat } from "../../chat/Chat";
import { Told } from "../Failure";
import { Bar } from "../Progress";
import type { Shelf } from "../shelf";
import { useStore } from "../store";
import { counted, problemFrom, stateOf, type Task } from "../task";
import { cited, showCitation } from "./citation";
import { DeleteButton } from "./DeleteButton";
import { Downloads } from "./Downloads";
import { blockAt } from "./geometry";
import { PagePane } from "./PagePane";
import { Pager } from "./Pager";
import { CannotShow, openPicture, type Picture } from "./pictures";
import type { Active, Pointing } from "./pointing";
import { TextPane } from "./TextPane";
import { Warnings } from "./Warnings";
import type { View } from "./Tabs";

interface Props {
  task: Task;
  shelf: Shelf;
  file: File | null;
  onFile: (file: File) => void;
}

/** Until its reader chooses a page, that is the first that came while it is being read, and the first of all then. */
export function Viewer({ task, shelf, file, onFile }: Props) {
  useStore(shelf.come);
  const problem = useStore(shelf.problem);
  const [chosen, choose] = useState<number | null>(null);
  const firstCome = useRef<number | null>(null);
  const index = chosen ?? (task.phase === "done" ? 0 : ((firstCome.current ??= shelf.first()) ?? 0));
  const [view, setView] = useState<View>("Text");
  const [isAsking, setAsking] = useState(false);
  const { pointing, mark, turnTo } = usePointing(shelf, index, choose, setView);
  const { picture, note } = usePicture(file);
  const page = shelf.pages.get(index);
  const job = task.job;
  useEffect(() => shelf.want(index), [shelf, index]);
  if (!job) return null;

  return (
    <article class={isAsking ? "viewer asking" : "viewer"}>
      <header class="about">
        <div class="what">
          <h1 class="title" dir="auto">
            {task.name}
          </h1>
          <p class="muted">{aboutOf(task)}</p>
          {task.phase !== "done" && <Bar task={task} />}
        </div>
        <div class="actions row">
          <Pager index={index} count={job.page_count} onPage={turnTo} />
          <button type="button" aria-expanded={isAsking} aria-controls="chat" onClick={() => setAsking(!isAsking)}>
            Ask about it
          </button>
          <DeleteButton task={task} />
        </div>
        {task.phase === "done" && <Downloads links={job.links.download} />}
        <Warnings warnings={job.page_count > 1 ? job.warnings : []} />
        {problem && (
          <div class="notice row">
            <Told problem={problemFrom(problem)} />
            <button type="button" onClick={() => shelf.want(index)}>
              Try again
            </button>
          </div>
        )}
      </header>
      <PagePane
        page={page ?? blank(index)}
        picture={page ? picture : null}
        note={note}
        hasFile={file !== null}
        onFile={onFile}
        pointing={pointing}
        mark={mark}
      />
      <TextPane task={task} shelf={shelf} page={page ?? null} view={view} onView={setView} pointing={pointing} />
      <aside id="chat" hidden={!isAsking} aria-label="Questions about this document">
        {isAsking && <Chat key={job.uuid} job={job} onCite={showCitation} />}
      </aside>
    </article>
  );
}

function aboutOf(task: Task): string {
  const job = task.job;
  if (!job || task.phase !== "done") return stateOf(task);
  const sure = job.mean_confidence === null ? "" : `, ${Math.round(job.mean_confidence * 100)} % sure`;
  const languages = new Intl.DisplayNames("en", { type: "language", fallback: "code" });
  const named = job.detected_languages.map((code) => languages.of(code)).join(", ");
  return `${counted(job.page_count, "page")}${sure}${named && `, ${named}`}`;
}

/** In place of a page that has not come: A4, and nothing on it. */
function blank(index: number): Page {
  return {
    index,
    width: 595,
    height: 842,
    unit: "pt",
    rotation: 0,
    language: null,
    source: "cpu",
    text: "",
    markdown: "",
    mean_confidence: null,
    blocks: [],
    warnings: [],
    error: null,
  };
}

/** Opens the file once; `note` says why there is no picture of it. */
function usePicture(file: File | null): { picture: Picture | null; note: string | null } {
  const [opened, setOpened] = useState<{ picture: Picture | null; note: string | null }>({ picture: null, note: null });
  useEffect(() => {
    setOpened({ picture: null, note: null });
    if (!file) return;
    let picture: Picture | null = null;
    let isOver = false;
    openPicture(file)
      .then((found) => {
        picture = found;
        if (isOver) found.close();
        else setOpened({ picture, note: null });
      })
      .catch((error: unknown) => {
        if (!(error instanceof CannotShow)) throw error;
        setOpened({ picture: null, note: error.message });
      });
    return () => {
      isOver = true;
      picture?.close();
    };
  }, [file]);
  return opened;
}

interface Pointed {
  pointing: Pointing;
  /** What a citation points at, on the page that is shown. */
  mark: BBox | null;
  turnTo: (index: number) => void;
}

/** Which block is pointed at, by the picture, the text or a citation. Whoever points at one has chosen the page. */
function usePointing(shelf: Shelf, index: number, choose: (index: number) => void, setView: (view: View) => void): Pointed {
  const [active, setActive] = useState<Active | null>(null);
  const [hovered, hover] = useState<number | null>(null);
  const [mark, setMark] = useState<BBox | null>(null);
  const citation = useStore(cited);
  const page = shelf.pages.get(index);

  const turnTo = (wanted: number) => {
    choose(wanted);
    setActive(null);
    hover(null);
    setMark(null);
    cited.set(null);
  };
  useEffect(() => {
    if (citation) choose(citation.page - 1);
  }, [citation]);
  useEffect(() => {
    if (!citation || !page || page.index !== citation.page - 1) return;
    const block = blockAt(page.blocks, citation.bbox);
    setMark(citation.bbox);
    setActive(block === null ? null : { block, from: "citation" });
  }, [citation, page]);
  useEffect(() => () => cited.set(null), []);

  const point = (wanted: Active) => {
    choose(index);
    setActive(wanted);
    setMark(null);
    if (wanted.from === "picture") setView("Text");
  };
  return { pointing: { active, hovered, point, hover }, mark, turnTo };
}
