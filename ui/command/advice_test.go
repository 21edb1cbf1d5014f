package command_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	"bothways/aws/replication/wanted"
)

// stranger is somebody else at the same sandbox, whose computer knows nothing of
// earlier runs.
func (u *user) stranger(t *testing.T) *user {
	t.Helper()
	other := newUser(t)
	for _, variable := range u.env {
		if strings.HasPrefix(variable, "AWS_") {
			other.env = append(other.env, variable)
		}
	}
	return other
}

// ruleOf is a side's own rule as it stands, as text.
func (u *user) ruleOf(t *testing.T, text string) string {
	t.Helper()
	side, err := pair.ParseSide(text)
	if err != nil {
		t.Fatal(err)
	}
	id, secret := u.keys()
	out, err := u.open(t, id, secret, side.Region).S3.GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: aws.String(side.Bucket)})
	if err != nil {
		t.Fatal(err)
	}
	return wanted.ExactJSON(out.ReplicationConfiguration)
}

// advised is the line of a command that a text advises, as the words that a
// shell makes of it.
func advised(t *testing.T, said, command string) []string {
	t.Helper()
	_, line, found := strings.Cut(said, "bothways "+command+" ")
	if !found {
		t.Fatalf("nothing advises bothways %s: %s", command, said)
	}
	line, _, _ = strings.Cut(line, "\n")
	line, _, _ = strings.Cut(line, ";")
	line, _, _ = strings.Cut(line, "  (")
	return append([]string{command}, strings.Fields(strings.ReplaceAll(line, "'", ""))...)
}

// What is advised puts right what is missing, and changes nothing about a rule
// that stands: no filter falls, nothing more replicates, nothing costs more.
func TestWhatIsAdvisedChangesNoRuleThatStands(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]string{
		"a filter by tags":       {"--filter-tag", "replicate=true", "--no-delete-markers"},
		"a prefix and no edits":  {"--prefix", "logs/", "--no-replica-edits"},
		"a class":                {"--storage-class", "STANDARD_IA"},
		"time control, metrics":  {"--rtc"},
		"metrics, a filter, tag": {"--metrics", "--filter-tag", "team=blue", "--no-delete-markers", "--tag", "cost=7"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := sandboxOf(t, "--time-scale", "40")
			if r := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair, options)...); r.code != 0 {
				t.Fatalf("apply exits %d: %s", r.code, r.stderr)
			}
			before := u.ruleOf(t, thePair[3])
			u.takeRuleOut(t) // side A's
			other := u.stranger(t)
			var prefix []string
			if i := slices.Index(options, "--prefix"); i >= 0 {
				prefix = options[i : i+2]
			}
			probed := other.run(t, slices.Concat([]string{"probe", "--rounds", "1"}, thePair, prefix)...)
			if probed.code == 0 || strings.Contains(probed.stderr, "bothways apply") {
				t.Errorf("the probe of half a pair exits %d: %s", probed.code, probed.stderr)
			}
			examined := other.run(t, advised(t, probed.stderr, "doctor")...)
			if examined.code != 1 {
				t.Errorf("the doctor exits %d: %s", examined.code, examined.stderr)
			}
			if r := other.run(t, advised(t, examined.stderr, "apply")...); r.code != 0 {
				t.Fatalf("what the doctor advises exits %d: %s", r.code, r.stderr)
			}
			if now := u.ruleOf(t, thePair[3]); now != before {
				t.Errorf("side B's rule was\n%s\nand is\n%s", before, now)
			}
			mended := strings.NewReplacer("ap-southeast-1", "R", "eu-west-1", "R")
			if a, b := mended.Replace(u.ruleOf(t, thePair[1])), mended.Replace(before); len(a) != len(b) {
				t.Errorf("side A's rule became\n%s\nside B's is\n%s", a, b)
			}
		})
	}
}
