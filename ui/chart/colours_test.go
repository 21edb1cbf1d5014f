package chart

import (
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
)

// eachStyle hands over every style in a value, with the name of its field.
func eachStyle(v reflect.Value, name string, visit func(name string, style reflect.Value)) {
	switch {
	case v.Type() == reflect.TypeFor[lipgloss.Style]():
		visit(name, v)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				eachStyle(v.Field(i), name+"."+v.Type().Field(i).Name, visit)
			}
		}
	case v.Kind() == reflect.Array:
		for i := range v.Len() {
			eachStyle(v.Index(i), name+"["+strconv.Itoa(i)+"]", visit)
		}
	}
}

// An ink without a style of a view is drawn plain, whatever a face colours, and
// a style that no ink has colours nothing.
func TestEveryInkHasOneOfTheViewsStylesAndEachIsUsed(t *testing.T) {
	var v View
	names := map[string]string{} // by what a style writes
	eachStyle(reflect.ValueOf(&v).Elem(), "View", func(name string, style reflect.Value) {
		s := lipgloss.NewStyle().Foreground(lipgloss.ANSIColor(len(names) + 1))
		style.Set(reflect.ValueOf(s))
		names[s.Render("x")] = name
	})
	for i, style := range v.styles() {
		text := style.Render("x")
		if ink(i) != plain && names[text] == "" {
			t.Errorf("ink %d has no style of its own: give View one, and let View.styles return it", i)
		}
		delete(names, text)
	}
	for _, name := range names {
		t.Errorf("View.styles gives %s to no ink", name)
	}
}

// The page that a report is has colours of its own for a dark screen: a class
// that its style sheet lacks stays dark on dark.
func TestEveryTintOfADrawingIsColouredByTheReportsPage(t *testing.T) {
	const page = "../../probe/report/page.css"
	css, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	bright, dark, found := strings.Cut(string(css), "prefers-color-scheme: dark")
	dark, _, whole := strings.Cut(dark, "body {")
	if !found || !whole {
		t.Fatalf("%s no longer begins with its colours, light and dark", page)
	}
	classes := map[string]bool{}
	for i, tint := range tinted {
		if tint.class == "" || classes[tint.class] {
			t.Errorf("tint %d has no class of its own in tinted: %q", i, tint.class)
			continue
		}
		classes[tint.class] = true
		rule := regexp.MustCompile(`svg \.` + tint.class + ` \{ ` + tint.attribute + `: var\((--[a-z-]+)\); \}`).FindStringSubmatch(string(css))
		if rule == nil {
			t.Errorf("%s lacks a rule %q that sets %s to a colour of its", page, "svg ."+tint.class, tint.attribute)
			continue
		}
		if !strings.Contains(bright, rule[1]+": "+tint.colour+";") {
			t.Errorf("%s is not %s on %s, as it is without a style sheet", rule[1], tint.colour, page)
		}
		if !strings.Contains(dark, rule[1]+": #") {
			t.Errorf("%s has no colour for a dark screen in %s", rule[1], page)
		}
	}
	for _, rule := range regexp.MustCompile(`svg \.([a-z0-9]+) `).FindAllStringSubmatch(string(css), -1) {
		if !classes[rule[1]] {
			t.Errorf("%s colours the class %s, which no drawing has", page, rule[1])
		}
	}
}
