package measure

import (
	"strings"
	"testing"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/probe"
)

func TestTheLineOfASampleTellsNoPasswordOfAnAddress(t *testing.T) {
	access := account.Access{Endpoint: "https://somebody:secret@store.example", Profile: "demo"}
	p := pair.Pair{A: pair.Side{Region: "eu-west-1", Bucket: "one"}, B: pair.Side{Region: "us-east-1", Bucket: "two"}}
	line := sampleCLI(p, access, probe.Sample{Direction: pair.BtoA, Key: "k 1", VersionID: "v1"})
	if strings.Contains(line, "secret") {
		t.Errorf("a password stands in %s", line)
	}
	for _, part := range []string{"aws s3api head-object --profile demo --endpoint-url https://", "store.example --region eu-west-1 --bucket one --key 'k 1' --version-id v1"} {
		if !strings.Contains(line, part) {
			t.Errorf("%s lacks %s", line, part)
		}
	}
}
