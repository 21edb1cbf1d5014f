package evidence_test

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"bothways/aws/drill/evidence/figures"
	"bothways/aws/drill/evidence/page"
)

var update = flag.Bool("update", false, "write the tables of docs/drill.md anew")

// The page has every member of report.json and every column of samples.csv, in
// the words that stand beside them in the code.
func TestThePageHasEveryField(t *testing.T) {
	const path, begins = "../../../docs/drill.md", "| member | kind | meaning |\n"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	table.WriteString(begins + "|---|---|---|\n")
	members(&table, "", reflect.TypeFor[figures.Report]())
	table.WriteString("\n### samples.csv\n\n| column | meaning |\n|---|---|\n")
	for _, c := range page.Columns() {
		fmt.Fprintf(&table, "| `%s` | %s |\n", c[0], c[1])
	}
	before, now, _ := strings.Cut(string(text), begins)
	if *update {
		if err := os.WriteFile(path, []byte(before+table.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if begins+now != table.String() {
		t.Error("docs/drill.md lacks a field, or has one that is none: run this test with -update")
	}
}

func members(out *strings.Builder, path string, of reflect.Type) {
	for field := range of.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		kind := field.Type
		list, optional := false, false
		for kind.Kind() == reflect.Slice || kind.Kind() == reflect.Pointer {
			list, optional = list || kind.Kind() == reflect.Slice, optional || kind.Kind() == reflect.Pointer
			kind = kind.Elem()
		}
		if field.Anonymous {
			fmt.Fprintf(out, "| `%s.*` | object | its members beside these: as the events of `%s` in a probe's JSON |\n", path, kind.Name())
			continue
		}
		at := strings.TrimPrefix(path+"."+name, ".")
		if list {
			at += "[]"
		}
		words := word(kind)
		if optional {
			words += " or null"
		}
		meaning := field.Tag.Get("doc")
		ours := strings.HasSuffix(kind.PkgPath(), "/figures") && kind.Kind() == reflect.Struct
		if !ours && kind.Kind() == reflect.Struct && kind != reflect.TypeFor[time.Time]() {
			meaning = strings.TrimPrefix(meaning+"; as the journal's "+kind.Name(), "; ")
		}
		fmt.Fprintf(out, "| `%s` | %s | %s |\n", at, words, meaning)
		if ours {
			members(out, at, kind)
		}
	}
}

func word(kind reflect.Type) string {
	switch {
	case kind == reflect.TypeFor[time.Time]():
		return "RFC 3339"
	case kind.Kind() == reflect.String, kind.PkgPath() == "bothways/aws/pair" && kind.Kind() == reflect.Int:
		return "text"
	case kind.Kind() == reflect.Bool:
		return "true or false"
	case kind.Kind() == reflect.Struct, kind.Kind() == reflect.Map, kind.Kind() == reflect.Interface:
		return "object"
	}
	return "number"
}
