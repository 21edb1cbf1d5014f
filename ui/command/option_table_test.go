package command

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"mvdan.cc/sh/v3/shell"

	"bothways/aws/pair"
)

// changed names what of two choices differs: fields of the options and of what
// is given, and single consents.
func changed(a, b chosen) []string {
	var names []string
	for _, pairOf := range [][2]any{{a.Options, b.Options}, {a.Given, b.Given}} {
		x, y := reflect.ValueOf(pairOf[0]), reflect.ValueOf(pairOf[1])
		for i := range x.NumField() {
			if !x.Field(i).Equal(y.Field(i)) {
				names = append(names, x.Type().Field(i).Name)
			}
		}
	}
	if differs := a.Consent ^ b.Consent; differs != 0 {
		names = append(names, differs.String())
	}
	return names
}

// choosable names all that can be chosen.
func choosable() []string {
	var names []string
	for _, kind := range []reflect.Type{reflect.TypeFor[pair.Options](), reflect.TypeFor[pair.Given]()} {
		for i := range kind.NumField() {
			names = append(names, kind.Field(i).Name)
		}
	}
	for consent := pair.Consent(1); consent.String() != ""; consent <<= 1 {
		names = append(names, consent.String())
	}
	return names
}

// parsed reads a command line of option flags.
func parsed(t *testing.T, words ...string) chosen {
	t.Helper()
	var o optionFlags
	f := pflag.NewFlagSet("a set-up", pflag.ContinueOnError)
	o.add(f, setUps)
	if err := f.Parse(words); err != nil {
		t.Fatal(err)
	}
	c, err := o.read()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryPresetIsInTheHelp(t *testing.T) {
	c := &cobra.Command{}
	(&probeFlags{}).add(c)
	f := c.Flags()
	for name := range presets {
		if !strings.Contains(f.Lookup("preset").Usage, name) {
			t.Errorf("the help of --preset lacks %s", name)
		}
	}
}

// An option that can be chosen has one flag, which the help explains, and which
// a command line to paste gives again.
func TestEveryOptionOfAPairHasItsFlagAndItsWords(t *testing.T) {
	usual := parsed(t)
	if usual != (chosen{Options: pair.DefaultOptions()}) || usual.words(setUps) != nil {
		t.Errorf("without flags it is %+v, in words %q", usual, usual.words(setUps))
	}
	flags := map[string]string{}
	for _, row := range optionTable() {
		given := []string{"--" + row.name}
		if row.text != nil {
			given = append(given, "IT'S THIS")
		}
		if row.tags != nil {
			given = append(given, "a=1", "--"+row.name, "b= x")
		}
		c := parsed(t, given...)
		of := changed(usual, c)
		if row.implied == nil && row.tags != nil && len(of) == 2 { // a filter by tags implies that another option is off
			of = slices.DeleteFunc(of, func(name string) bool { return name == "DeleteMarkers" })
		}
		if len(of) != 1 {
			t.Errorf("--%s sets %q", row.name, of)
			continue
		}
		if other := flags[of[0]]; other != "" {
			t.Errorf("--%s and --%s set %s", other, row.name, of[0])
		}
		flags[of[0]] = row.name
		if row.help == "" {
			t.Errorf("--%s has no help", row.name)
		}
		words := c.words(setUps)
		again, err := shell.Fields(strings.Join(words, " "), nil)
		if err != nil || !slices.Equal(again, given) {
			t.Errorf("%q is worded as %q, %v", given, words, err)
		}
		if only := c.words(row.takers); !slices.Equal(only, words) {
			t.Errorf("for the commands that take it, %q is worded as %q", given, only)
		}
	}
	for _, name := range choosable() {
		if flags[name] == "" {
			t.Errorf("%s has no flag", name)
		}
	}
}
