// The code editor: CodeMirror over a text area, coloured by the site's own custom properties. Without this script the
// text area stays, and everything still works.
(() => {
  const {
    Decoration, EditorState, EditorView, GutterMarker, HighlightStyle, LanguageSupport, RangeSet, StateEffect, StateField,
    bracketMatching, defaultKeymap, drawSelection, gutterLineClass, highlightActiveLine, highlightActiveLineGutter,
    highlightSelectionMatches, highlightSpecialChars, history, historyKeymap, indentOnInput, indentUnit, indentWithTab,
    isolateHistory, keymap, lineNumbers, pythonLanguage, search, searchKeymap, syntaxHighlighting, tags,
  } = window.CodeMirror;

  const theme = EditorView.theme({
    "&": { color: "var(--ink)", backgroundColor: "var(--sunken)", fontSize: "0.875rem" },
    "&.cm-focused": { outline: "none" }, // the page draws the ring, around the line numbers as well
    ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto" },
    ".cm-content": { padding: "var(--space-3) 0", caretColor: "var(--accent)" },
    ".cm-line": { padding: "0 var(--space-4) 0 var(--space-2)" },
    ".cm-cursor": { borderLeft: "2px solid var(--accent)" },
    ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--muted)", border: "0" },
    ".cm-lineNumbers .cm-gutterElement": { padding: "0 var(--space-2) 0 var(--space-3)", minWidth: "2.6rem" },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--ink) 5%, transparent)" },
    ".cm-activeLineGutter": { color: "var(--ink)" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
      backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent)",
    },
    ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--accent) 14%, transparent)" },
    "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--good-soft)", outline: "1px solid var(--good)" },
    "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--weak-soft)", outline: "1px solid var(--weak)" },
    ".cm-searchMatch": { backgroundColor: "var(--shaky-soft)", outline: "1px solid var(--shaky)" },
    ".cm-searchMatch.cm-searchMatch-selected": { backgroundColor: "var(--accent-soft)", outlineColor: "var(--accent)" },
    ".cm-specialChar": { color: "var(--weak)" },
    ".cm-panels": { backgroundColor: "var(--card)", color: "var(--ink)" },
    ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
    ".cm-panel.cm-search": { padding: "var(--space-2) var(--space-6) var(--space-2) var(--space-3)" },
    ".cm-panel.cm-search label": { fontSize: "0.8125rem" },
    ".cm-panel.cm-search [name=close]": { color: "var(--muted)", fontSize: "1.2rem", padding: "0 var(--space-2)" },
    ".cm-textfield": {
      width: "12rem", minHeight: "32px", padding: "var(--space-1) var(--space-2)", fontSize: "0.875rem",
      backgroundColor: "var(--card)", color: "var(--ink)", border: "1px solid var(--line-strong)", borderRadius: "6px",
    },
    ".cm-button": {
      backgroundImage: "none", backgroundColor: "var(--card)", color: "var(--ink)", fontSize: "0.8125rem",
      border: "1px solid var(--line-strong)", borderRadius: "6px", minHeight: "32px",
    },
    ".cm-button:active": { backgroundImage: "none", backgroundColor: "var(--sunken)" },
    ".cm-error-line": { backgroundColor: "var(--weak-soft)" },
    ".cm-error-gutter": { backgroundColor: "var(--weak-soft)", color: "var(--weak)", fontWeight: "700" },
  });

  // The same colours as code in guides and questions.
  const colours = HighlightStyle.define([
    { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null], color: "light-dark(#7a2fb0, #cda6ff)" },
    { tag: [tags.string, tags.special(tags.string)], color: "light-dark(#1b6e43, #86d6a8)" },
    { tag: [tags.comment], color: "var(--muted)", fontStyle: "italic" },
    { tag: [tags.number], color: "light-dark(#9a4a00, #f2b36b)" },
    { tag: [tags.definition(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.className],
      color: "light-dark(#1f4fc0, #9db8ff)" },
    { tag: [tags.meta], color: "light-dark(#0b6e7f, #7fd3e3)" },
    { tag: [tags.invalid], color: "var(--weak)" },
  ]);

  // Lines that a traceback names. They move with the text and lose their mark once they are edited.
  const markLines = StateEffect.define();
  const errorMark = Decoration.line({ class: "cm-error-line" });
  const errorGutter = new (class extends GutterMarker { elementClass = "cm-error-gutter"; })();

  const errorLines = StateField.define({
    create: () => Decoration.none,
    update(marks, transaction) {
      for (const effect of transaction.effects) {
        if (!effect.is(markLines)) continue;
        const { doc } = transaction.state;
        const real = effect.value.filter((line) => line >= 1 && line <= doc.lines);
        return Decoration.set(real.map((line) => errorMark.range(doc.line(line).from)), true);
      }
      if (!transaction.docChanged) return marks;
      const { startState, changes } = transaction;
      const untouched = marks.update({
        filter: (from) => !changes.touchesRange(from, startState.doc.lineAt(from).to),
      });
      return untouched.map(changes);
    },
    provide: (field) => [
      EditorView.decorations.from(field),
      gutterLineClass.from(field, (marks) => {
        const places = [];
        for (const cursor = marks.iter(); cursor.value; cursor.next()) places.push(errorGutter.range(cursor.from));
        return RangeSet.of(places, true);
      }),
    ],
  });

  // Typing over a selection: left to itself, Chromium puts the new text into a <span style="…"> that looks like the old
  // one. The Content-Security-Policy forbids the style, and CodeMirror would redraw the line anyway.
  const typeOverSelection = EditorView.domEventHandlers({
    beforeinput(event, view) {
      const isTyping = event.inputType === "insertText" && typeof event.data === "string" && !event.isComposing;
      if (!isTyping || view.composing || view.state.readOnly || view.state.selection.main.empty) return false;
      event.preventDefault();
      view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
      return true;
    },
  });

  // create(textArea, {onChange, onRun, onSubmit, describedBy}) → {text, setText, markLines, focus}
  window.LabEditor = {
    create(textArea, { onChange, onRun, onSubmit, describedBy }) {
      const act = (callback) => () => { callback(); return true; };
      const keys = keymap.of([
        { key: "Mod-Enter", run: act(onRun) }, { key: "Ctrl-Enter", run: act(onRun) },
        { key: "Shift-Mod-Enter", run: act(onSubmit) }, { key: "Shift-Ctrl-Enter", run: act(onSubmit) },
      ]);
      const view = new EditorView({
        state: EditorState.create({
          doc: textArea.value,
          extensions: [
            keys, // before the defaults, where Mod-Enter opens a new line
            lineNumbers(), highlightActiveLineGutter(), highlightSpecialChars(), history(), drawSelection(),
            indentUnit.of("    "), EditorState.tabSize.of(4), indentOnInput(), bracketMatching(), highlightActiveLine(),
            highlightSelectionMatches(), search({ top: true }), errorLines, typeOverSelection, theme, syntaxHighlighting(colours),
            new LanguageSupport(pythonLanguage),
            keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
            EditorState.readOnly.of(textArea.readOnly),
            EditorView.contentAttributes.of({
              "aria-label": "Your code", "aria-describedby": describedBy, tabindex: "0", autocapitalize: "off", spellcheck: "false",
            }),
            EditorView.updateListener.of((update) => {
              if (!update.docChanged) return;
              textArea.value = update.state.doc.toString();
              onChange(textArea.value);
            }),
          ],
        }),
      });
      textArea.before(view.dom);
      textArea.hidden = true;
      return {
        text: () => view.state.doc.toString(),
        // As a step of its own, so that undo brings the old text back.
        setText: (text) => view.dispatch({
          changes: { from: 0, to: view.state.doc.length, insert: text }, annotations: isolateHistory.of("full"),
        }),
        markLines: (lines) => view.dispatch({ effects: markLines.of(lines) }),
        focus: () => view.focus(),
      };
    },
  };
})();
