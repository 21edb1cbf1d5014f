package estimate

import "time"

// Result is an estimate of all ways for a pair. It is an event.
type Result struct {
	A Size `json:"a"`
	B Size `json:"b"`
	// PerSecond are versions a second, both sides together; 0: it could not be
	// measured.
	PerSecond float64 `json:"versions_per_second"`
	RateHow   string  `json:"rate_how"`
	// Took is how long listing both sides whole took; 0: they were not.
	Took time.Duration `json:"-"`
	// Lists says that both sides have lists of S3 Inventory; ListsHow says which,
	// or why there are none.
	Lists       bool       `json:"lists"`
	ListsHow    string     `json:"lists_how"`
	Ways        []Estimate `json:"ways"`
	Recommended Way        `json:"recommended"`
	Reason      string     `json:"reason"`
	PricesAsOf  string     `json:"prices_as_of"`
	// Pages are the requests for listings that were sent for it.
	Pages int64 `json:"pages"`
}

// EventName implements pair.Event.
func (Result) EventName() string { return "audit_estimate" }

// Complete estimates and recommends from what was read.
func (r Result) Complete() Result {
	r.Ways = Of(r.A, r.B, Measured{PerSecond: r.PerSecond}, r.Lists)
	if r.Took > 0 {
		r.Ways[0].Time = r.Took
	}
	r.PricesAsOf = PricesAsOf
	r.Recommended, r.Reason = Recommend(r.Ways)
	if r.A.Bound == AtLeast || r.B.Bound == AtLeast {
		r.Reason += "; that is for what was counted: there is more, and nobody knows how much, so the figures are the least, and another way may be the better one"
	}
	return r
}
