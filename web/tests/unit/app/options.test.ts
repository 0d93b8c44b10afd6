import { expect, test } from "vitest";
import { DEFAULTS, fieldsOf, type Tool, withTier, withTool } from "../../../src/app/options";

function tool(slug: string, tiers: Tool["tiers"], parameters: string[] = []): Tool {
  return { slug, title: slug, purpose: "", tiers, parameters, available: true };
}
const text = tool("pdf-to-text", ["cpu", "vlm"]);
const handwriting = tool("handwriting-to-text", ["vlm"]);
const translate = tool("translate", ["vlm"], ["translate_to"]);

test("nothing has to be chosen", () => {
  expect(fieldsOf(DEFAULTS)).toEqual({ tier: "cpu", language: "auto" });
});

test("a tool moves to a tier that it works on, and stays where it can", () => {
  expect(withTool(DEFAULTS, handwriting, "en").tier).toBe("vlm");
  expect(withTool({ ...DEFAULTS, tier: "vlm" }, text, "en").tier).toBe("vlm");
});

test("a translation goes into the reader's language, unless another was chosen, and only with its tool", () => {
  const translating = withTool(DEFAULTS, translate, "ja");
  expect(fieldsOf(translating)).toEqual({ tier: "vlm", language: "auto", tool: "translate", translate_to: "ja" });
  expect(withTool({ ...translating, translateTo: "fa" }, translate, "ja").translateTo).toBe("fa");
  expect(withTool(translating, text, "ja").translateTo).toBeNull();
});

test("a tier puts down a tool that does not work on it", () => {
  const writing = withTool(DEFAULTS, handwriting, "en");
  expect(withTier(writing, "cpu", handwriting)).toEqual(DEFAULTS);
  expect(withTier(withTool(DEFAULTS, text, "en"), "vlm", text).tool).toBe("pdf-to-text");
});
