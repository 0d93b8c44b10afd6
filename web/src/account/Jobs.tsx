import { useId, useRef, useState } from "preact/hooks";
import type { Job } from "../api";
import { dropFile } from "../app/files";
import { forget } from "../app/memory";
import { Downloads } from "../app/viewer/Downloads";
import { Confirm } from "./Confirm";
import { useList } from "./list";
import { More } from "./More";
import { deleteJob, jobs } from "./service";
import { refresh, tried } from "./session";
import { moment, stateOf } from "./words";

const idOf = (job: Job) => job.uuid;

export function Jobs() {
  const heading = useRef<HTMLHeadingElement>(null);
  const list = useList(jobs, idOf);
  const [said, setSaid] = useState("");
  const deleted = (job: Job) => {
    list.remove(job.uuid);
    setSaid(`${nameOf(job)} is deleted.`);
    heading.current?.focus(); // the button that was pressed is gone
    void tried(refresh); // pages that were not read are given back
  };
  return (
    <section class="card part" aria-labelledby="documents">
      <h2 id="documents" ref={heading} tabIndex={-1}>
        Documents
      </h2>
      <p class="hidden" role="status">
        {said}
      </p>
      {list.items && list.items.length > 0 && (
        <ul class="rows">
          {list.items.map((job) => (
            <Row key={job.uuid} job={job} onDeleted={() => deleted(job)} />
          ))}
        </ul>
      )}
      <More list={list} none="No documents yet. What you read while you are signed in is listed here." label="Show more documents" />
    </section>
  );
}

function Row({ job, onDeleted }: { job: Job; onDeleted: () => void }) {
  const id = useId();
  const [isAsking, setAsking] = useState(false);
  const links = job.links.download;
  return (
    <li>
      <div class="line" role="group" aria-labelledby={id}>
        <div class="what">
          <a id={id} dir="auto" href={`/?job=${job.uuid}`}>
            {nameOf(job)}
          </a>
          <small class="muted">
            {moment(job.created_at)} · {stateOf(job)}
          </small>
        </div>
        <div class="row acts">
          <button type="button" class="danger" onClick={() => setAsking(true)}>
            Delete
          </button>
        </div>
        {job.status === "done" && Object.keys(links).length > 0 && (
          <details>
            <summary>Downloads</summary>
            <Downloads links={links} />
          </details>
        )}
        {isAsking && (
          <Confirm
            title="Delete this document now?"
            yes="Delete it"
            no="Keep it"
            work={async () => {
              await deleteJob(job.uuid);
              forget(job.uuid);
              await dropFile(job.uuid);
            }}
            onClose={(isDone) => {
              setAsking(false);
              if (isDone) onDeleted();
            }}
          >
            The file, the text and every download of “{nameOf(job)}” are deleted at once, here and at the service. This cannot be
            undone.
          </Confirm>
        )}
      </div>
    </li>
  );
}

function nameOf(job: Job): string {
  return job.filename || "Document";
}
