package sandboxed

import (
	"math"
	"strings"

	"github.com/spf13/cobra"

	"bothways/aws/sandbox/delays"
	"bothways/ui/command/usage"
)

// delaysFlag is a flag that is a law of replication delays.
type delaysFlag struct{ delays.Law }

// Set implements pflag.Value.
func (d *delaysFlag) Set(text string) (err error) {
	d.Law, err = delays.Parse(text)
	return err
}

// Type implements pflag.Value.
func (*delaysFlag) Type() string { return "law" }

// delaysHelp says what laws there are, and what their parameters mean.
func delaysHelp() string {
	var out strings.Builder
	out.WriteString("How delays of replication follow each other, of --delays: nothing published says how those of S3 do, so all of these are made up. " +
		"Whichever it is, half of all small objects arrive within the same time. Parameters that are not given are as here:")
	for _, choice := range delays.Choices() {
		out.WriteString("\n\n  " + choice.Text + ": " + choice.Meaning)
		if len(choice.Parameters) > 0 {
			out.WriteString(" (" + strings.Join(choice.Parameters, "; ") + ")")
		}
	}
	return out.String()
}

// Simulation is how time passes in a sandbox, as the flags say.
type Simulation struct {
	TimeScale float64
	Law       delaysFlag
}

// Add adds the flags to a command.
func (s *Simulation) Add(c *cobra.Command) {
	c.Flags().Float64Var(&s.TimeScale, "time-scale", 1, "let the sandbox's simulated delays pass this many times as fast")
	s.Law = delaysFlag{delays.MildlyBursty()}
	choices := delays.Choices()
	names, completions := make([]string, len(choices)), make([]cobra.Completion, len(choices))
	for i, choice := range choices {
		names[i], completions[i] = choice.Name, cobra.CompletionWithDesc(choice.Text, choice.Meaning)
	}
	c.Flags().Var(&s.Law, "delays", "how the sandbox's delays of replication follow each other: "+usage.OneOf(names)+", with their numbers after a colon; bothways sandbox --help explains them")
	if err := c.RegisterFlagCompletionFunc("delays", cobra.FixedCompletions(completions, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // there is no such flag
	}
}

// Check refuses what no time can pass by.
func (s *Simulation) Check(c *cobra.Command) error {
	if c.Flags().Lookup("time-scale") != nil && (s.TimeScale <= 0 || math.IsInf(s.TimeScale, 0) || math.IsNaN(s.TimeScale)) {
		return usage.Wrong("--time-scale %g: give a number above 0, such as 10 for ten times as fast", s.TimeScale)
	}
	return nil
}
