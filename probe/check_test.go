package probe

import (
	"strings"
	"testing"
	"time"

	"bothways/probe/body"
)

func TestAConfigurationThatCannotRunIsRefusedWithTheReason(t *testing.T) {
	for reason, spoil := range map[string]func(*Config){
		"no sizes":         func(c *Config) { c.Sizes = nil },
		"negative":         func(c *Config) { c.Sizes = []int64{-1} },
		"named twice":      func(c *Config) { c.Sizes = []int64{1, 2, 1} },
		"48.8 TiB":         func(c *Config) { c.Sizes = []int64{body.MaxSize + 1} },
		"-1 rounds":        func(c *Config) { c.Rounds = -1 },
		"a round every 0s": func(c *Config) { c.Every = 0 },
		"a limit of 0s":    func(c *Config) { c.Limit = 0 },
		"a target of 2h":   func(c *Config) { c.Limit, c.Target = time.Hour, 2*time.Hour },
		"a target of -1s":  func(c *Config) { c.Target = -time.Second },
		`pace "frantic"`:   func(c *Config) { c.Pace = "frantic" },
		"run ID":           func(c *Config) { c.RunID = "a/b" },
		"cannot replicate": func(c *Config) { c.Pair.B.Bucket = c.Pair.A.Bucket },
	} {
		cfg := testConfig()
		spoil(&cfg)
		if _, err := New(cfg, newWorld(0).clients()); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("error %v, want one with %q", err, reason)
		}
	}
	if _, err := New(testConfig(), Clients{}); err == nil {
		t.Error("a run without clients is accepted")
	}
}
