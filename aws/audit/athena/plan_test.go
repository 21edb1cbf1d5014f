package athena_test

import (
	"math"
	"strings"
	"testing"

	"bothways/aws/audit/athena"
	"bothways/aws/audit/athena/athenatest"
	"bothways/aws/audit/inventory"
	"bothways/aws/pair"
)

// A query reads both lists, of which one crosses regions.
func TestThePriceHasTheTransferOfTheOtherRegionsList(t *testing.T) {
	lists := testLists()
	lists.A.Files = []inventory.File{{Size: 40 << 30}}
	lists.B.Files = []inventory.File{{Size: 20 << 30}}
	p := pair.Pair{A: pair.Side{Region: "eu-west-1", Bucket: "one"}, B: pair.Side{Region: "ap-southeast-1", Bucket: "two"}}
	for side, c := range map[pair.SideName]struct{ crosses, rate float64 }{pair.A: {20, 0.09}, pair.B: {40, 0.02}} {
		got := athena.PlanOf(p, lists, athena.Asking{Workgroup: "w", Side: side})
		n := float64(got.Price.Queries)
		if got.Slices != 8 || n != 16 { // 1.6 thousand million versions
			t.Errorf("%d slices, %v queries", got.Slices, n)
		}
		want := n*60/1024*5 + n*c.crosses*c.rate
		if math.Abs(got.Price.Dollars-want) > 0.01 || !got.Price.Dear() || got.Region != p.Side(side).Region {
			t.Errorf("asked in %s: %+v, want %.2f USD", got.Region, got.Price, want)
		}
		for _, says := range []string{"at most " + got.Price.AtMost(), "may be more", "made", "dropped again"} {
			if !strings.Contains(strings.ToLower(got.What()), strings.ToLower(says)) {
				t.Errorf("%q is not in %s", says, got.What())
			}
		}
	}
	lists.A.Files, lists.B.Files = nil, nil
	if least := athena.PlanOf(p, lists, athena.Asking{Workgroup: "w"}); least.Price.Dear() || least.Price.Scanned != 2*10<<20 || least.Region != "eu-west-1" {
		t.Errorf("%+v", least)
	}
	unknown := p
	unknown.B.Region = "xx-new-1"
	lists.B.Files = []inventory.File{{Size: 20 << 30}}
	if got := athena.PlanOf(unknown, lists, athena.Asking{Workgroup: "w"}).Price; got.Priced || !strings.Contains(got.AtMost(), "dearest") {
		t.Errorf("of a region without a price it says %s", got.AtMost())
	}
}

func TestNamesThatGoIntoStatementsAreChecked(t *testing.T) {
	for _, fits := range []athena.Asking{
		{Workgroup: "primary"},
		{Workgroup: "w-1.x_Y", Output: "s3://answers/below/", Database: "lists", A: "lists.one", B: "two"},
	} {
		if err := fits.Check(); err != nil {
			t.Errorf("%+v: %v", fits, err)
		}
	}
	for _, unfit := range []athena.Asking{
		{},
		{Workgroup: "a b"},
		{Workgroup: "w", Output: "https://answers"},
		{Workgroup: "w", Output: "s3://answers/\x1b["},
		{Workgroup: "w", Database: "a.b"},
		{Workgroup: "w", Database: "a;drop"},
		{Workgroup: "w", A: "one"},
		{Workgroup: "w", A: "one", B: "two WHERE 1=1"},
		{Workgroup: "w", A: "a.b.c", B: "two"},
	} {
		if err := unfit.Check(); err == nil {
			t.Errorf("%+v is taken", unfit)
		}
	}
}

func TestTheWorkgroupIsLookedAtFirst(t *testing.T) {
	with := func(change func(group, configuration map[string]any)) map[string]any {
		group := athenatest.Workgroup("s3://answers/")
		change(group, group["Configuration"].(map[string]any))
		return group
	}
	for name, c := range map[string]struct {
		group      map[string]any
		output     string
		fail       string
		note, says string
	}{
		"as usual": {},
		"disabled": {group: with(func(g, _ map[string]any) { g["State"] = "DISABLED" }), says: "is disabled"},
		"no place for answers": {
			group: with(func(_, c map[string]any) { delete(c, "ResultConfiguration") }),
			says:  "--athena-output s3://BUCKET/PREFIX/",
		},
		"no place, and one given": {group: with(func(_, c map[string]any) { delete(c, "ResultConfiguration") }), output: "s3://mine/"},
		"keeps answers itself": {group: with(func(_, c map[string]any) {
			delete(c, "ResultConfiguration")
			c["ManagedQueryResultsConfiguration"] = map[string]any{"Enabled": true}
		})},
		"keeps them, and one given": {group: with(func(_, c map[string]any) { c["ManagedQueryResultsConfiguration"] = map[string]any{"Enabled": true} }), output: "s3://mine/", says: "leave out --athena-output"},
		"enforces its own place":    {group: with(func(_, c map[string]any) { c["EnforceWorkGroupConfiguration"] = true }), output: "s3://mine/", note: "s3://answers/"},
		"reads too little":          {group: with(func(_, c map[string]any) { c["BytesScannedCutoffPerQuery"] = 10 << 20 }), note: "cancels what reads more than"},
		"for Spark": {group: with(func(_, c map[string]any) {
			c["EngineVersion"] = map[string]any{"EffectiveEngineVersion": "PySpark engine version 3"}
		}), says: "for Spark"},
		"an older engine": {group: with(func(_, c map[string]any) {
			c["EngineVersion"] = map[string]any{"EffectiveEngineVersion": "Athena engine version 2"}
		}), says: "version 3"},
		"unknown":                    {fail: "InvalidRequestException", says: "there is none of that name in eu-west-1"},
		"which may not be looked at": {fail: "AccessDeniedException", note: "not known"},
	} {
		t.Run(name, func(t *testing.T) {
			s := athenatest.New(letters(1))
			s.Group = c.group
			s.Fail = func(string) (int, string) {
				if c.fail != "" {
					return 400, c.fail
				}
				return 0, ""
			}
			q := queriesOf(t, s)
			q.Output, q.Region = c.output, "eu-west-1"
			notes, err := q.CheckWorkgroup(t.Context(), 1<<30)
			if all := strings.Join(notes, " "); c.note == "" && all != "" || !strings.Contains(all, c.note) {
				t.Errorf("the notes are %q", all)
			}
			if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// What Athena refuses, or fails at, is told with what to do about it.
func TestRefusalsSayWhatToDo(t *testing.T) {
	for reason, says := range map[string]string{
		"Query exhausted resources at this scale factor":                "audit with --inventory alone",
		"Access Denied (Service: Amazon S3; Status Code: 403)":          "rights of the credentials that ask",
		"TABLE_NOT_FOUND: line 1:15: Table 'x' does not exist":          "--athena-tables",
		"EXCEEDED_LOCAL_MEMORY_LIMIT: Query exceeded per-node limit":    "audit with --inventory alone",
		"HIVE_BAD_DATA: something that nobody has seen before happened": "HIVE_BAD_DATA",
	} {
		if err := (&athena.FailedError{ID: "1", State: "FAILED", Reason: reason}); !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), reason) {
			t.Errorf("got %v", err)
		}
	}
	for message, says := range map[string]string{
		"WorkGroup w is not found.": "there is no such workgroup in eu-west-1",
		"WorkGroup w is disabled.":  "the workgroup is disabled",
		"No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.": "--athena-output s3://BUCKET/PREFIX/",
		"Unable to verify/create output bucket answers": "give another one with --athena-output",
	} {
		s := athenatest.New(letters(1))
		s.Says = message
		s.Fail = func(string) (int, string) { return 400, "InvalidRequestException" }
		q := queriesOf(t, s)
		q.Region = "eu-west-1"
		if err := q.Run(t.Context(), "SELECT", nothing); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v", err)
		}
	}
}
