package plain_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// silent are the events that have no line of text, and why.
var silent = map[string]string{
	"journal.Opening":         "the first line of a journal",
	"journal.Intends":         "the first line of a probe's journal; its run says the same",
	"plan.Planned":            "the journal's line before a plan; people have seen the plan",
	"configure.Planned":       "the journal's line before a plan; people have seen the plan",
	"backfill.Planned":        "the journal's line before a plan; people have seen the plan",
	"backfill.Progress":       "the job's step says the same",
	"session.Recording":       "ui/command says where the record lies",
	"session.Surveyed":        "the plan's own lines say the same",
	"session.LockNote":        "ui/command says what is worth a word of a lock",
	"rehearse.asksToArm":      "a question that only the console's screen hears",
	"rehearse.asksToDecide":   "as above",
	"audit.Checkpoint":        "for whoever goes on with an audit",
	"athena.Query":            "for whoever goes on with an audit",
	"report.Head":             "the first line of an audit's report",
	"trail.lost":              "a line of a folder's copy of a journal",
	"trail.End":               "a line of a folder's copy of a journal",
	"report.Mending":          "the line of an audit's result has it",
	"probe.StartedEvent":      "its sample says how it ended",
	"probe.PostedEvent":       "its sample says how it ended",
	"probe.CleanedEvent":      "what was not cleaned up is in probe.LeftEvent",
	"plain.PlanEvent":         "Writer.Plan has sentences for people",
	"plain.PlannedEvent":      "Writer.Plan has sentences for people",
	"plain.FindingEvent":      "Writer.Plan has sentences for people",
	"report.Condition":        "a comparison has a text of its own",
	"report.ChangeEvent":      "a comparison has a text of its own",
	"report.ComparedEvent":    "a comparison has a text of its own",
	"report.RepeatedEvent":    "a comparison has a text of its own",
	"stats.RepeatsEvent":      "a comparison has a text of its own",
	"configured.FileEvent":    "bothways config has a text of its own",
	"configured.SettingEvent": "bothways config has a text of its own",
	"runs.Entry":              "bothways runs has a text of its own",
	"record.Agreed":           "who agreed has seen it",
	"record.ObjectStatus":     "evidence: in the report",
	"opened.Open":             "it is the first line of every command, before anything that a run tells",
	"record.Call":             "what undoes the drill and its steps say the same",
	"record.Instant":          "its state's line has the time",
	"record.Backlog":          "a point of a curve",
	"record.RolePolicies":     "evidence: in the report",
	"measure.proberUp":        "within the console alone",
}

// An event that the text knows nothing of is lost to logs, pipes and screen
// readers, and nobody sees that.
func TestEveryEventHasALineOrAReasonForNone(t *testing.T) {
	events, worded := map[string]bool{}, map[string]bool{}
	err := filepath.WalkDir("../..", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			return err
		}
		for _, declared := range parsed.Decls {
			method, ok := declared.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if receiver := typeOf(method); method.Name.Name == "EventName" && receiver != "" {
				events[parsed.Name.Name+"."+receiver] = true
			}
			if filepath.Dir(file) == filepath.Join("..", "..", "ui", "plain") && (method.Name.Name == "sentence" || method.Name.Name == "drillSentence" || method.Name.Name == "Event") {
				forEachType(method, func(name string) { worded[name] = true })
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(events) < 20 || len(worded) < 10 {
		t.Fatalf("%d kinds of events are found, %d of them with a line: look here", len(events), len(worded))
	}
	for event := range events {
		if worded[event] == (silent[event] != "") {
			t.Errorf("%s: give it a line in sentence of ui/plain/lines.go, or say in silent why it needs none, and not both", event)
		}
	}
	for event := range silent {
		if !events[event] {
			t.Errorf("%s is no event any more", event)
		}
	}
}

// typeOf is the name of a method's receiver, "" where it is a function.
func typeOf(method *ast.FuncDecl) string {
	if method.Recv == nil {
		return ""
	}
	receiver := method.Recv.List[0].Type
	if pointer, ok := receiver.(*ast.StarExpr); ok {
		receiver = pointer.X
	}
	if name, ok := receiver.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// forEachType hands over the types of other packages that a function tells an
// event by.
func forEachType(of *ast.FuncDecl, visit func(name string)) {
	take := func(kind ast.Expr) {
		if selected, ok := kind.(*ast.SelectorExpr); ok {
			if from, ok := selected.X.(*ast.Ident); ok {
				visit(from.Name + "." + selected.Sel.Name)
			}
		}
	}
	ast.Inspect(of, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.TypeSwitchStmt:
			for _, clause := range node.Body.List {
				for _, kind := range clause.(*ast.CaseClause).List {
					take(kind)
				}
			}
		case *ast.TypeAssertExpr:
			take(node.Type)
		}
		return true
	})
}
