package rooms

import (
	"testing"
	"time"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/ui/console/host"
)

// What somebody wrote down once is what the forms begin with, and stays to be
// changed there.
func TestTheFormsBeginWithTheDefaultsOfTheFile(t *testing.T) {
	t.Parallel()
	options := pair.DefaultOptions()
	options.Prefix, options.StorageClass = "logs/", "STANDARD_IA"
	set := func(s *stage) {
		s.cfg.Pair.Options = options
		s.cfg.Settings = "config.yaml says 7 defaults"
		s.cfg.Defaults = host.Defaults{
			Options: &options,
			Probe:   host.Measurement{Sizes: "1KiB,3MiB", Length: "24h", Every: "33s", Limit: "20m", Target: "7m", Pace: "fine"},
			Drill: &record.Scope{
				Kind: record.Pause, Lost: pair.B, Outage: record.Slow, Box: 22 * time.Minute, Every: time.Second, Least: 30, Drain: time.Hour,
				Targets: record.Targets{RPO: 15 * time.Minute, RTO: 5 * time.Minute}, People: record.People{Operator: "Storage team"},
			},
		}
	}
	for scene, shows := range map[string][]string{
		"options":     {"logs/", "STANDARD_IA"},
		"probe-setup": {"1KiB,3MiB", "24h", "33s", "20m", "7m", "fine"},
		"drill-form":  {"ap-southeast-1 is taken to be lost", "slow", "22 min", "15 min", "5 min", "Storage team"},
	} {
		play(t, 120, 40, func(s *stage) {
			set(s)
			named(t, scene).play(s)
			s.shows(shows...)
		})
	}
	play(t, 120, 40, func(s *stage) {
		set(s)
		s.cfg.Pair = nil
		if got := s.open().Chosen().Pair.Options; got != options {
			s.t.Errorf("without a pair of the command line the options are %+v", got)
		}
		s.press("?").shows("Settings", "config.yaml says 7 defaults")
	})
}
