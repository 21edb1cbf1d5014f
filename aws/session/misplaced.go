package session

import (
	"context"
	"errors"
	"fmt"
	"net"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// MisplacedError says that a side's bucket is not where the side says. It stands
// for S3's own answers, which name neither the bucket nor where it is.
type MisplacedError struct {
	Side pair.SideName
	Why  string
}

func (e *MisplacedError) Error() string { return fmt.Sprintf("side %s: %s", e.Side, e.Why) }

// placed looks whether an error comes from a side that is not where it is said to
// be, and says so instead.
func placed(ctx context.Context, world survey.World, err error) error {
	if err == nil || ctx.Err() != nil || !placing(err) {
		return err
	}
	other := map[pair.SideName]pair.SideName{pair.A: pair.B, pair.B: pair.A}
	for _, name := range pair.Sides() {
		side := world.Pair.Side(name)
		if unknown := account.UnknownRegion(side.Region); unknown != "" {
			return &MisplacedError{name, unknown}
		}
		found, looking := world.Clients(name).DescribeBucket(ctx, side.Bucket)
		switch {
		case looking != nil:
		case found.Holder == account.Nobody:
			return &MisplacedError{name, fmt.Sprintf("there is no bucket %s. bothways plan says what it would take to make the pair.", side.Bucket)}
		case found.Region != "" && found.Region != side.Region:
			why := fmt.Sprintf("the bucket %s is in %s, not in %s.", side.Bucket, found.Region, side.Region)
			if found.Region == world.Pair.Side(other[name]).Region {
				why += " Are the regions of the two sides swapped?"
			}
			return &MisplacedError{name, why}
		}
	}
	return err
}

// placing says whether an error may come from a bucket that is elsewhere, or
// nowhere (S3 API reference, "Error responses").
func placing(err error) bool {
	switch apierror.Code(err) {
	case "PermanentRedirect", "AuthorizationHeaderMalformed", "NoSuchBucket", "IllegalLocationConstraintException", "InvalidClientTokenId", "UnrecognizedClientException":
		return true
	}
	_, nameless := errors.AsType[*net.DNSError](err) // a region that there is not has no address
	return nameless
}
