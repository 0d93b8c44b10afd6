import type { Language } from "../strings/languages";
import { bs } from "./bs";
import { en } from "./en";
import { fa } from "./fa";
import { ja } from "./ja";
import { ml } from "./ml";
import type { Reference } from "./reference";

export const REFERENCES: Record<Language, Reference> = { en, bs, ja, fa, ml };
