// The parts of CodeMirror 6 that the labs use, and nothing more. `npm run build` bundles them into
// prepsite/static/vendor/codemirror/codemirror.js as one global, `CodeMirror`.

export { EditorState, EditorSelection, StateEffect, StateField, RangeSet } from "@codemirror/state";
export {
  Decoration,
  EditorView,
  GutterMarker,
  drawSelection,
  gutterLineClass,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
export { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
export {
  HighlightStyle,
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
export { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
export { pythonLanguage } from "@codemirror/lang-python";
export { LanguageSupport } from "@codemirror/language";
export { tags } from "@lezer/highlight";
