package audit

import (
	"context"

	"bothways/aws/audit/difference"
	"bothways/aws/audit/listing"
	"bothways/aws/pair"
)

// unlisted looks at one page of each bucket where the lists that were compared
// had no row: an audit of nothing must not be taken for one that found the sides
// alike.
func (r *run) unlisted(ctx context.Context) error {
	lists := r.config.Lists
	if lists == nil || r.watch.total().Keys > 0 {
		return nil
	}
	found := &difference.Unlisted{}
	for _, side := range pair.Sides() {
		var page listing.Page
		if err := r.read(ctx, side, listing.Query{Prefix: r.config.Prefix, Most: 1000}, &page); err != nil {
			return err
		}
		if n := int64(len(page.Entries)); side == pair.A {
			found.A, found.MoreA = n, page.Truncated
		} else {
			found.B, found.MoreB = n, page.Truncated
		}
	}
	r.found = found
	return nil
}

// lists is what the audit went by, nil where it listed the buckets.
func (r *run) lists() *difference.Lists {
	if r.config.Lists == nil {
		return nil
	}
	by := *r.config.Lists
	by.Prefix, by.Unlisted = r.config.Prefix, r.found
	return &by
}
