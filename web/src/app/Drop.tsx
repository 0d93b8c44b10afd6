// The place where files are dropped, pasted or chosen; while files are dragged, all of the window is.

import { useEffect, useRef, useState } from "preact/hooks";

const ACCEPTED = ".pdf,.png,.jpg,.jpeg,.webp,.gif,.bmp,.tif,.tiff,application/pdf,image/*";

interface ChooseProps {
  class?: string;
  label: string;
  multiple?: boolean;
  onFiles: (files: File[]) => void;
}

/** A button that opens the browser's own dialog. */
export function Choose({ label, onFiles, multiple = true, ...rest }: ChooseProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class={rest.class} onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple={multiple}
        accept={ACCEPTED}
        onChange={(event) => {
          const chosen = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = ""; // so that the same file can be chosen again
          if (chosen.length) onFiles(chosen);
        }}
      />
    </>
  );
}

/** Files that are dropped anywhere, or pasted. Gives whether files are being dragged over the window. */
export function useIncoming(onFiles: (files: File[]) => void): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    let depth = 0; // a drag enters each element that it passes
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const enter = (event: DragEvent) => carriesFiles(event) && setOver(++depth > 0);
    const leave = (event: DragEvent) => carriesFiles(event) && setOver((depth = Math.max(0, depth - 1)) > 0);
    const over = (event: DragEvent) => carriesFiles(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !carriesFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      take(filesOf(event.dataTransfer));
    };
    const paste = (event: ClipboardEvent) => {
      const pasted = [...(event.clipboardData?.files ?? [])];
      if (!pasted.length) return;
      event.preventDefault();
      take(pasted);
    };
    const take = (files: File[]) => files.length && onFiles(files);
    const heard = { dragenter: enter, dragleave: leave, dragover: over, drop } as const;
    for (const [name, listener] of Object.entries(heard)) addEventListener(name, listener as EventListener);
    addEventListener("paste", paste);
    return () => {
      for (const [name, listener] of Object.entries(heard)) removeEventListener(name, listener as EventListener);
      removeEventListener("paste", paste);
    };
  }, [onFiles]);
  return isOver;
}

/** The dropped files without folders, which come as files that cannot be read. */
function filesOf(transfer: DataTransfer): File[] {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  return items
    .filter((item) => !item.webkitGetAsEntry()?.isDirectory)
    .map((item) => item.getAsFile())
    .filter((file) => file !== null);
}
