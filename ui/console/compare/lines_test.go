package compare

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"bothways/aws/account"
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// The lines that the screen has for the rows of an audit, for a script that runs
// them with the AWS CLI: aws/sandbox/tries/lines.
func TestTheLinesOfRows(t *testing.T) {
	from, to := os.Getenv("BOTHWAYS_ROWS"), os.Getenv("BOTHWAYS_LINES")
	if from == "" || to == "" {
		t.Skip("aws/sandbox/tries/lines says of which rows")
	}
	rows, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	x := &examples{
		pair:    pair.Pair{A: pair.Side{Region: "eu-west-1", Bucket: "gen-a"}, B: pair.Side{Region: "ap-southeast-1", Bucket: "gen-b"}},
		clients: map[pair.SideName]*account.Clients{},
	}
	for _, side := range pair.Sides() {
		x.clients[side] = &account.Clients{Region: x.pair.Side(side).Region, Endpoint: os.Getenv("BOTHWAYS_ENDPOINT")}
	}
	lines := []string{}
	scan := bufio.NewScanner(rows)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		var d difference.Difference
		if err := json.Unmarshal(scan.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, x.cli(d))
	}
	text, err := json.Marshal(lines)
	if err == nil {
		err = scan.Err()
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
