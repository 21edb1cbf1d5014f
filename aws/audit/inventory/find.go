package inventory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// NoneError says that a side has no inventory that serves.
type NoneError struct {
	Side   pair.SideName
	Bucket string
	Offers []Offer // those that there are, each with its Why
}

func (e *NoneError) Error() string {
	if len(e.Offers) == 0 {
		return fmt.Sprintf("side %s: %s has no inventory: bothways inventory has S3 deliver lists of both sides; or audit without --inventory", e.Side, e.Bucket)
	}
	var why []string
	for _, o := range e.Offers {
		why = append(why, fmt.Sprintf("%q %s", o.ID, o.Why))
	}
	return fmt.Sprintf("side %s: no inventory of %s serves: %s", e.Side, e.Bucket, strings.Join(why, "; "))
}

// NotYetError says that a side's inventory has delivered nothing yet.
type NotYetError struct {
	Side   pair.SideName
	Bucket string
	Offer  Offer
}

func (e *NotYetError) Error() string {
	return fmt.Sprintf("side %s: the inventory %q of %s has delivered no list to %s yet; the first comes within 48 hours, if the policy of that bucket lets it",
		e.Side, e.Offer.ID, e.Bucket, e.Offer.Bucket)
}

// Offers lists the inventories of a bucket, each judged for an audit of what
// begins with a prefix (s3:GetInventoryConfiguration).
func Offers(ctx context.Context, client *s3.Client, bucket, prefix string) ([]Offer, error) {
	var offers []Offer
	in := &s3.ListBucketInventoryConfigurationsInput{Bucket: &bucket}
	for {
		out, err := client.ListBucketInventoryConfigurations(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("list the inventories of %s: %w", bucket, err)
		}
		for i := range out.InventoryConfigurationList {
			offers = append(offers, offerOf(&out.InventoryConfigurationList[i], prefix))
		}
		if !aws.ToBool(out.IsTruncated) || out.NextContinuationToken == nil {
			return offers, nil
		}
		in.ContinuationToken = out.NextContinuationToken
	}
}

func offerOf(c *types.InventoryConfiguration, prefix string) Offer {
	o := Offer{ID: aws.ToString(c.Id)}
	if c.Schedule != nil {
		o.Weekly = c.Schedule.Frequency == types.InventoryFrequencyWeekly
	}
	if c.Destination == nil || c.Destination.S3BucketDestination == nil {
		o.Why = "has no destination"
		return o
	}
	to := c.Destination.S3BucketDestination
	arn := aws.ToString(to.Bucket)
	o.Bucket, o.Prefix, o.Format = arn[strings.LastIndex(arn, ":")+1:], aws.ToString(to.Prefix), Format(to.Format)
	o.Status = slices.Contains(c.OptionalFields, types.InventoryOptionalFieldReplicationStatus)
	var covers string
	if c.Filter != nil {
		covers = aws.ToString(c.Filter.Prefix)
	}
	var missing []string
	for _, f := range needed {
		if !slices.Contains(c.OptionalFields, f) {
			missing = append(missing, string(f))
		}
	}
	switch {
	case !aws.ToBool(c.IsEnabled):
		o.Why = "is disabled"
	case c.IncludedObjectVersions != types.InventoryIncludedObjectVersionsAll:
		o.Why = "has the current versions only, not all"
	case !strings.HasPrefix(prefix, covers):
		o.Why = fmt.Sprintf("has only what begins with %q", covers)
	case len(missing) > 0:
		o.Why = "lacks the fields " + strings.Join(missing, ", ")
	case o.Format == ORC:
		o.Why = "is in ORC, which is not read here: CSV and Parquet are"
	case o.Format != CSV && o.Format != Parquet:
		o.Why = fmt.Sprintf("is in %s, which is not known here", o.Format)
	}
	return o
}

// needed are the fields without which versions can't be compared.
var needed = []types.InventoryOptionalField{
	types.InventoryOptionalFieldSize, types.InventoryOptionalFieldLastModifiedDate, types.InventoryOptionalFieldETag,
}

// delivered is a list whose manifest was not read yet.
type delivered struct {
	Offer
	stamp string
	at    time.Time
}

const stampLayout = "2006-01-02T15-04Z"

// deliveries are the lists of an offer, the newest first.
func deliveries(ctx context.Context, client *s3.Client, source string, o Offer) ([]delivered, error) {
	base := o.base(source)
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{
		Bucket: aws.String(o.Bucket), Prefix: aws.String(base), Delimiter: aws.String("/"),
	})
	var all []delivered
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("look for lists in %s: %w", o.Bucket, err)
		}
		for _, p := range page.CommonPrefixes {
			stamp := strings.TrimSuffix(strings.TrimPrefix(aws.ToString(p.Prefix), base), "/")
			if at, err := time.Parse(stampLayout, stamp); err == nil { // beside them stand data and hive
				all = append(all, delivered{o, stamp, at})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b delivered) int { return b.at.Compare(a.at) })
	return all, nil
}

// Find finds the lists to compare: the newest of the side whose newest is
// older, and that of the other side which is nearest to it in time. With pinned
// it finds those two again, for an audit that goes on.
func Find(ctx context.Context, world survey.World, prefix string, pinned *Lists) (Lists, error) {
	found := map[pair.SideName]*[]delivered{pair.A: {}, pair.B: {}}
	looking := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for side, into := range found {
		looking.Go(func(ctx context.Context) (err error) {
			*into, err = all(ctx, world, side, prefix)
			return err
		})
	}
	if err := looking.Wait(); err != nil {
		return Lists{}, err
	}
	if pinned != nil {
		for _, side := range pair.Sides() {
			was := pinned.Of(side)
			*found[side] = slices.DeleteFunc(*found[side], func(d delivered) bool { return d.ID != was.ID || d.stamp != was.Stamp })
			if len(*found[side]) == 0 {
				return Lists{}, fmt.Errorf("side %s: the list %s of the inventory %q, with which the audit began, is not in %s any more: begin a new audit", side, was.Stamp, was.ID, was.Bucket)
			}
		}
	}
	return choose(ctx, world, found)
}

// all finds the lists of a side.
func all(ctx context.Context, world survey.World, side pair.SideName, prefix string) ([]delivered, error) {
	client, bucket := world.Clients(side).S3, world.Pair.Side(side).Bucket
	offers, err := Offers(ctx, client, bucket, prefix)
	if err != nil {
		return nil, fmt.Errorf("side %s: %w", side, err)
	}
	serving := slices.DeleteFunc(slices.Clone(offers), func(o Offer) bool { return o.Why != "" })
	if len(serving) == 0 {
		return nil, &NoneError{side, bucket, offers}
	}
	var lists []delivered
	for _, o := range serving {
		more, err := deliveries(ctx, client, bucket, o)
		if err != nil {
			return nil, fmt.Errorf("side %s: %w", side, err)
		}
		lists = append(lists, more...)
	}
	if len(lists) == 0 {
		return nil, &NotYetError{side, bucket, serving[0]}
	}
	slices.SortStableFunc(lists, func(a, b delivered) int { return b.at.Compare(a.at) })
	return lists, nil
}

// choose reads manifests until two are whole.
func choose(ctx context.Context, world survey.World, found map[pair.SideName]*[]delivered) (Lists, error) {
	older, newer := pair.A, pair.B
	a, err := newest(ctx, world, pair.A, *found[pair.A])
	if err != nil {
		return Lists{}, err
	}
	b, err := newest(ctx, world, pair.B, *found[pair.B])
	if err != nil {
		return Lists{}, err
	}
	lists := map[pair.SideName]List{pair.A: a, pair.B: b}
	if b.At.Before(a.At) {
		older, newer = pair.B, pair.A
	}
	near := slices.Clone(*found[newer])
	slices.SortStableFunc(near, func(x, y delivered) int {
		return int(x.at.Sub(lists[older].At).Abs() - y.at.Sub(lists[older].At).Abs())
	})
	if lists[newer], err = newest(ctx, world, newer, near); err != nil {
		return Lists{}, err
	}
	return Lists{lists[pair.A], lists[pair.B]}, nil
}

// newest reads the first manifest that is whole: a list that is being delivered
// has none yet.
func newest(ctx context.Context, world survey.World, side pair.SideName, from []delivered) (List, error) {
	client, bucket := world.Clients(side).S3, world.Pair.Side(side).Bucket
	for _, d := range from {
		list, err := readManifest(ctx, client, bucket, d)
		if _, missing := errors.AsType[*types.NoSuchKey](err); missing {
			continue
		}
		if err != nil {
			return list, fmt.Errorf("side %s: %w", side, err)
		}
		return list, nil
	}
	return List{}, &NotYetError{side, bucket, from[0].Offer}
}
