package plain_test

import (
	"strings"
	"testing"

	"bothways/aws/audit/deep"
	"bothways/aws/audit/draw"
	"bothways/aws/audit/parity"
	"bothways/aws/pair"
	"bothways/ui/plain"
)

func TestWhatNoListingShowsHasLines(t *testing.T) {
	var out strings.Builder
	w := plain.Text(&out)
	for _, e := range []pair.Event{
		parity.Setting{Name: "acl", Title: "bucket ACL", Judgement: parity.Alike},
		parity.Setting{
			Name: "cors", Title: "CORS rules", Judgement: parity.Differs, Means: "after a failover B would …", Differences: []string{"CORSRules: A has 1"},
			LikeA: []parity.Line{{CLI: "aws s3api put-bucket-cors"}, {CLI: "aws s3api more"}}, LikeB: []parity.Line{{Words: "by hand"}},
		},
		parity.Setting{Name: "tags", Title: "bucket tags", Judgement: parity.Unknown, B: parity.Reading{Unread: "s3:GetBucketTagging is missing on side B"}},
		parity.Compared{Alike: 1, Differ: 1, Unknown: 1},
		parity.Compared{Alike: 22},
		deep.Sampled{Version: draw.Version{Key: "k\x1b[2J", VersionID: "v"}, Differences: map[deep.Aspect]string{deep.Tags: "only A has team"}},
		deep.Sampled{Version: draw.Version{Key: "k", VersionID: "v"}, Gone: true},
		deep.Result{Says: "5 random versions looked at"},
	} {
		w.Event(e)
	}
	want := `differs   CORS rules: after a failover B would … (CORSRules: A has 1). B like A: aws s3api put-bucket-cors && aws s3api more. A like B: by hand
unknown   bucket tags: s3:GetBucketTagging is missing on side B
settings of the buckets: 1 differ, 1 could not be compared, 1 are alike
all 22 settings of the buckets are alike
random version v of k\x1b[2J: tags differ, only A has team
random version v of k: deleted meanwhile
5 random versions looked at
`
	if out.String() != want {
		t.Errorf("the lines are\n%s", out.String())
	}
}
