// The behaviours in their order. Each part imports and exports nothing, so `collectstatic` can join them into this one file.
import "./words.js";
import "./toast.js";
import "./theme.js";
import "./menu.js";
import "./search-key.js";
import "./once.js";
import "./draft.js";
import "./editor.js";
import "./stepper.js";
import "./load-more.js";
import "./share.js";
import "./dialog.js";
import "./lightbox.js";
import "./time.js";
import "./leaving.js";
