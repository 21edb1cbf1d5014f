package survey

import (
	"cmp"
	"context"
	"time"

	"bothways/aws/account"
	"bothways/aws/apierror"
)

// optionalWithin bounds what is good to know and can be done without, such as a
// service that a closed network does not let through.
const optionalWithin = 10 * time.Second

// regionStates reads how the account stands to the regions of both sides: the
// account that owns a bucket must have its own region and that of its replicas
// enabled (S3 User Guide, "Requirements and considerations for replication").
func (r SideReader) regionStates(ctx context.Context) error {
	brief, cancel := context.WithTimeout(ctx, optionalWithin)
	defer cancel()
	all, err := r.clients.RegionStates(brief)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return ctx.Err()
	case apierror.Expired(err):
		return err
	default: // a help, and no service of stores that are not AWS
		r.note("regions of the account: " + cmp.Or(apierror.Code(err), "no answer"))
		return nil
	}
	found := map[string]string{}
	for _, region := range r.regions {
		if state := all[region]; state != "" {
			found[region] = state
		}
	}
	r.Found.RegionStates = found
	return nil
}

// regionOff finds out why a region does not know the credentials: one that the
// account has not enabled does not, while others do. err is its refusal.
func regionOff(ctx context.Context, clients *account.Clients, err error) (Side, error) {
	var found Side
	if !unknownKeys(err) {
		return found, err
	}
	identity, homeErr := clients.IdentifyAtHome(ctx)
	if homeErr != nil {
		return found, err // the keys are not valid anywhere
	}
	found.Identity, found.RegionOff = identity, true
	return found, nil
}

// unknownKeys says whether a service does not know the credentials.
func unknownKeys(err error) bool {
	switch apierror.Code(err) {
	case "InvalidClientTokenId", "UnrecognizedClientException", "InvalidToken":
		return true
	}
	return false
}

// Off says whether an account can't use a region, in its own words, or "".
func (s Side) Off(region string) string {
	if state := s.RegionStates[region]; state != "" && !account.Usable(state) {
		return state
	}
	return ""
}
