// Package completion is what a shell offers behind flags whose values are known
// only now: profiles, regions, buckets, runs.
package completion

import (
	"context"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"bothways/aws/account"
	"bothways/aws/journal"
)

// patience is how long somebody who pressed Tab waits for the buckets.
const patience = 2 * time.Second

// Host is what completions are made of.
type Host struct {
	Getenv func(string) string
	// Runs is the folder of the runs' journals.
	Runs func() string
	// Buckets are those that a profile has in a region.
	Buckets func(ctx context.Context, profile, region string) ([]string, error)
}

// Use has the shell complete what flags and arguments of a command and of all below
// it name.
func Use(c *cobra.Command, host Host) {
	for _, below := range c.Commands() {
		Use(below, host)
	}
	for flag, offers := range map[string]cobra.CompletionFunc{
		"profile": host.profiles, "profile-a": host.profiles, "profile-b": host.profiles,
		"a": host.side("profile-a"), "b": host.side("profile-b"),
		"from": host.runs, "resume": host.runs,
		"sizes": sizes,
	} {
		if c.Flags().Lookup(flag) == nil {
			continue
		}
		if err := c.RegisterFlagCompletionFunc(flag, offers); err != nil {
			panic(err) // it is registered already
		}
	}
	if strings.Contains(c.Use, "RUN") {
		c.ValidArgsFunction = host.runs
	}
}

func (h Host) profiles(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	found, _ := account.Profiles(h.Getenv) // what can't be read is not offered
	var all []cobra.Completion
	for _, p := range found {
		if p.Name != "" {
			all = append(all, cobra.CompletionWithDesc(p.Name, p.Kind))
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// side offers regions, and behind one of them the buckets in it. The profile is the
// side's own where that is given.
func (h Host) side(profileFlag string) cobra.CompletionFunc {
	return func(c *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		region, _, behind := strings.Cut(typed, "/")
		if !behind {
			regions := account.Regions()
			all := make([]cobra.Completion, 0, len(regions))
			for _, r := range regions {
				all = append(all, cobra.CompletionWithDesc(r.Code+"/", r.Place))
			}
			return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		}
		ctx, cancel := context.WithTimeout(c.Context(), patience)
		defer cancel()
		profile := value(c, profileFlag)
		if profile == "" {
			profile = value(c, "profile")
		}
		buckets, _ := h.Buckets(ctx, profile, region) // without an answer nothing is offered
		for i := range buckets {
			buckets[i] = region + "/" + buckets[i]
		}
		return buckets, cobra.ShellCompDirectiveNoFileComp
	}
}

func value(c *cobra.Command, flag string) string {
	if f := c.Flags().Lookup(flag); f != nil {
		return f.Value.String()
	}
	return ""
}

// mostRuns are offered, the newest first.
const mostRuns = 50

func (h Host) runs(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	files, err := os.ReadDir(h.Runs())
	if err != nil {
		return nil, cobra.ShellCompDirectiveDefault // a journal's file can be named, too
	}
	var all []cobra.Completion
	for _, f := range slices.Backward(files) {
		if id, is := strings.CutSuffix(f.Name(), journal.Extension); is && len(all) < mostRuns {
			all = append(all, id)
		}
	}
	return all, cobra.ShellCompDirectiveKeepOrder
}

// sizes offers what is usual.
func sizes(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	before := typed[:strings.LastIndex(typed, ",")+1]
	all := []cobra.Completion{"0", "128KiB", "1MiB", "4MiB", "100MiB", "1GiB", "5GiB"}
	for i := range all {
		all[i] = before + all[i]
	}
	return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
