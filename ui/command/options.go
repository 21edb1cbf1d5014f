package command

import (
	"slices"

	"github.com/spf13/pflag"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/ui/command/usage"
)

// chosen is what a run is told about a pair besides its sides: what the rules
// replicate and how, what stands already, and what may be touched for it.
type chosen struct {
	pair.Options
	pair.Given
	pair.Consent
}

// optionFlags are the flags of optionTable as they were given.
type optionFlags struct {
	said map[string]*said
	sets []*pflag.FlagSet // of every command that has some of them
}

// add adds the flags that commands of a kind take to one of them.
func (o *optionFlags) add(f *pflag.FlagSet, of takers) {
	if o.said == nil {
		o.said = map[string]*said{}
	}
	for _, row := range optionTable() {
		if row.takers < of {
			continue
		}
		if o.said[row.name] == nil {
			o.said[row.name] = &said{}
		}
		row.add(f, o.said[row.name])
	}
	o.sets = append(o.sets, f)
}

// of is what was said with a flag: nothing, where no command has it.
func (o *optionFlags) of(row optionRow) said {
	if s := o.said[row.name]; s != nil {
		return *s
	}
	return said{}
}

// read takes over what the flags say.
func (o *optionFlags) read() (chosen, error) {
	c := chosen{Options: pair.DefaultOptions()}
	for _, row := range optionTable() {
		given := slices.ContainsFunc(o.sets, func(f *pflag.FlagSet) bool { return f.Changed(row.name) })
		if err := row.read(&c, o.of(row), given); err != nil {
			return c, usage.Wrong("--%s%w", row.name, err)
		}
	}
	return c, nil
}

// consent is what the flags agree to. What can't be read of them was refused
// together with the pair.
func (o *optionFlags) consent() pair.Consent {
	c, err := o.read()
	if err != nil {
		return 0
	}
	return c.Consent
}

// words write what a command was told about a pair as the flags that say so to a
// command of a kind. Options that are as usual need none.
func (c chosen) words(of takers) []string {
	var words []string
	for _, row := range optionTable() {
		if row.takers < of {
			continue
		}
		said := row.say(c)
		if said.on {
			words = append(words, "--"+row.name)
		}
		texts := said.texts
		if said.text != "" {
			texts = append(texts, said.text)
		}
		for _, text := range texts {
			words = append(words, "--"+row.name, account.Quote(text))
		}
	}
	return words
}
