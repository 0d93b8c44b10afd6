import { useId, useState } from "preact/hooks";
import { CopyButton } from "../app/viewer/CopyButton";
import { Confirm } from "./Confirm";
import { revokeToken, rotateToken, type Token } from "./service";
import { day, masked, moment } from "./words";

interface Props {
  token: Token;
  onRotated: (fresh: Token) => void;
  onRevoked: () => void;
}

export function TokenRow({ token, onRotated, onRevoked }: Props) {
  const id = useId();
  const [asking, setAsking] = useState<"rotate" | "revoke" | null>(null);
  const [isShown, setShown] = useState(false);
  const value = token.token;
  return (
    <li>
      <div class="line" role="group" aria-labelledby={id}>
        <div class="what">
          <b id={id} dir="auto">
            {token.name}
          </b>
          <small class="muted">
            Created {day(token.created_at)}, {token.last_used ? `last used ${moment(token.last_used)}` : "never used"}
          </small>
          {value ? <code class="secret">{isShown ? value : masked(value)}</code> : <small>{token.note}.</small>}
        </div>
        <div class="row acts">
          {value && (
            <>
              <button type="button" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
                Reveal
              </button>
              <CopyButton label="Copy" text={() => value} />
            </>
          )}
          <button type="button" onClick={() => setAsking("rotate")}>
            Rotate
          </button>
          <button type="button" class="danger" onClick={() => setAsking("revoke")}>
            Revoke
          </button>
        </div>
        {asking === "rotate" && (
          <Confirm
            title={`Rotate the token “${token.name}”?`}
            yes="Rotate it"
            no="Keep it"
            work={async () => onRotated(await rotateToken(token.id))}
            onClose={() => setAsking(null)}
          >
            There will be another one in its place. Programs that send the old one are refused from then on.
          </Confirm>
        )}
        {asking === "revoke" && (
          <Confirm
            title={`Revoke the token “${token.name}”?`}
            yes="Revoke it"
            no="Keep it"
            work={() => revokeToken(token.id)}
            onClose={(isDone) => {
              setAsking(null);
              if (isDone) onRevoked();
            }}
          >
            Programs that send it are refused from then on. This cannot be undone.
          </Confirm>
        )}
      </div>
    </li>
  );
}
