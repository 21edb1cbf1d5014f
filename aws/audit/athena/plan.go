package athena

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"bothways/aws/audit/inventory"
	"bothways/aws/pair"
	"bothways/probe/cost"
	"bothways/probe/wording"
)

// Asking is how Athena is asked.
type Asking struct {
	Workgroup string `json:"workgroup"`
	// Side is in whose region and with whose credentials; "": side A's.
	Side pair.SideName `json:"side"`
	// Output and Database are as those of Queries.
	Output   string `json:"output,omitempty"`
	Database string `json:"database,omitempty"`
	// A and B are tables that are there; "": tables are made and dropped again.
	A string `json:"table_a,omitempty"`
	B string `json:"table_b,omitempty"`
}

var (
	tableShape  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)?$`) })
	outputShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\x21-\x7e]*)?$`)
	})
	// Athena API Reference, StartQueryExecution: WorkGroup.
	groupShape = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-zA-Z0-9._-]{1,128}$`) })
)

// Check says what of it can't be: names go into statements as they are.
func (a Asking) Check() error {
	switch {
	case !groupShape().MatchString(a.Workgroup):
		return fmt.Errorf("%q is no name of a workgroup: letters, digits, dots, dashes and underscores, at most 128", a.Workgroup)
	case a.Output != "" && !outputShape().MatchString(a.Output):
		return fmt.Errorf("%q is no place for answers: give s3://BUCKET/PREFIX/", a.Output)
	case a.Database != "" && (!tableShape().MatchString(a.Database) || strings.Contains(a.Database, ".")):
		return fmt.Errorf("%q is no name of a database: small letters, digits and underscores", a.Database)
	case (a.A == "") != (a.B == ""):
		return errors.New("one table of two is given: give both sides' tables, or none")
	}
	for _, table := range []string{a.A, a.B} {
		if table != "" && !tableShape().MatchString(table) {
			return fmt.Errorf("%q is no name of a table: small letters, digits and underscores, with a database and a dot before it or without", table)
		}
	}
	return nil
}

// side is in whose region it is asked.
func (a Asking) side() pair.SideName {
	if a.Side == pair.B {
		return pair.B
	}
	return pair.A
}

// Plan is what is asked of Athena, and what it costs at most. It is an event,
// from which an audit that goes on knows how it began.
type Plan struct {
	Asking
	Region string `json:"region"`
	Slices int    `json:"slices"`
	// Made are the tables that are made and dropped again.
	Made  []string          `json:"made,omitempty"`
	Price cost.ScanEstimate `json:"price"`
	Notes []string          `json:"notes,omitempty"` // what the workgroup says of it
}

// EventName implements pair.Event.
func (Plan) EventName() string { return "athena_plan" }

// Durable implements journal.Durable.
func (Plan) Durable() bool { return true }

// bytesListed is about what a version takes in a list, packed. It is judged, and
// decides only over how many queries the keys are spread.
const bytesListed = 40

// SlicesOf is how many queries share the keys of lists.
func SlicesOf(l inventory.Lists) int { return Slices((l.A.Bytes() + l.B.Bytes()) / bytesListed) }

// PlanOf says what comparing lists takes, and what it costs at most: a query
// reads no more than its lists' files, and of Parquet less.
func PlanOf(p pair.Pair, lists inventory.Lists, asking Asking) Plan {
	asking.Side = asking.side()
	plan := Plan{Asking: asking, Region: p.Side(asking.Side).Region, Slices: SlicesOf(lists)}
	if asking.A == "" {
		plan.Made = []string{TableOf(lists.A).Name, TableOf(lists.B).Name}
	}
	bytes := map[string]int64{}
	for _, side := range pair.Sides() { // lists lie in the region of their source
		bytes[p.Side(side).Region] += lists.Of(side).Bytes()
	}
	plan.Price = cost.Scan{Queries: int64(2 * plan.Slices), Region: plan.Region, Bytes: bytes}.Estimate()
	return plan
}

// What says in words what is asked, and what it costs.
func (p Plan) What() string {
	text := fmt.Sprintf("Athena in %s, workgroup %s, is asked %d times and reads at most %s: at most %s at list prices of %s",
		p.Region, p.Workgroup, p.Price.Queries, wording.Size(p.Price.Scanned), p.Price.AtMost(), p.Price.PricesAsOf)
	if p.Price.Transfer > 0 {
		text += fmt.Sprintf(", %.2f USD of it for the transfer of %s from the other region, of which AWS says that it may be more", p.Price.TransferDollars, wording.Size(p.Price.Transfer))
	}
	if len(p.Made) > 0 {
		text += fmt.Sprintf(". Made for it and dropped again: the tables %s", strings.Join(p.Made, " and "))
	} else {
		text += fmt.Sprintf(". Read: the tables %s and %s, by their partitions", p.A, p.B)
	}
	return strings.Join(append([]string{text + ". Its answers stay where the workgroup keeps them."}, p.Notes...), " ")
}

// DearError says that it costs more than somebody is likely to expect, and that
// nobody agreed to that.
type DearError struct{ Plan Plan }

func (e *DearError) Error() string { return e.Plan.What() }
