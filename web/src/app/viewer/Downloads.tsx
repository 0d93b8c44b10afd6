// The result as a file, in six formats.

import { useState } from "preact/hooks";
import { ApiError, problemOf } from "../../api";
import { Told } from "../Failure";
import { retrying } from "../retry";
import { type Problem, problemFrom } from "../task";

const NAMES: Readonly<Record<string, string>> = {
  txt: "Text",
  md: "Markdown",
  docx: "Word",
  pdf: "Searchable PDF",
  csv: "Tables as CSV",
  json: "JSON",
};

export function Downloads({ links }: { links: Readonly<Record<string, string>> }) {
  const [making, setMaking] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const fetchFile = async (format: string, url: string) => {
    setMaking(format);
    setProblem(null);
    try {
      await retrying(() => made(url));
      location.assign(url); // an attachment: the page stays
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(problemFrom(error));
    } finally {
      setMaking(null);
    }
  };
  return (
    <div class="downloads">
      <ul class="row" aria-label="Download">
        {Object.entries(links).map(([format, url]) => (
          <li key={format}>
            <a
              class="button"
              href={url}
              download
              title={NAMES[format]}
              aria-label={`Download ${NAMES[format] ?? format} (${format})`}
              aria-busy={making === format}
              onClick={(event) => {
                event.preventDefault();
                if (making === null) void fetchFile(format, url);
              }}
            >
              {format.toUpperCase()}
            </a>
          </li>
        ))}
      </ul>
      {problem && <Told problem={problem} />}
    </div>
  );
}

/** Waits until the file is made: an answer that leads on says so, and errors are told here rather than on a page of
 * their own. Throws ApiError. */
async function made(url: string): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, { redirect: "manual" });
  } catch {
    throw new ApiError(0, "offline", "The service cannot be reached.", null);
  }
  if (response.type === "opaqueredirect" || response.ok) return;
  throw await problemOf(response);
}
