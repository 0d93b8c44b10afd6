// What the reference can do with scripts: tabs, copy buttons, the reader's own address and token in the examples, and
// links to the other languages that keep the section.

import { setUpCopies } from "./copies";
import { setUpTabs } from "./tabs";
import { setUpToken } from "./token";
import { setUpSections } from "./sections";

for (const place of document.querySelectorAll("[data-fill=base]")) place.textContent = location.origin;
setUpTabs(document);
setUpCopies(document);
setUpSections(document);
setUpToken(document);
