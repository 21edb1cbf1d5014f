package apierror

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// clocksApart is how far a clock may be off before it is taken for the reason of
// a refusal: AWS wants requests within five minutes of their time stamp (IAM User
// Guide, "AWS Signature Version 4 for API requests"), and S3 within 15.
const clocksApart = 5 * time.Minute

// ClockWrong says whether a call was refused for the time in its signature: the
// service says so, or it says nothing but 403, as to a HEAD, and dates its answer
// far from this computer's time. The SDK signs by the dates of answers, so a
// wrong one of a proxy has this effect, too.
func ClockWrong(err error) bool {
	switch code, message := Code(err), Message(err); code {
	case "RequestTimeTooSkewed", "RequestInTheFuture":
		return true
	case "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignature", "AuthFailure":
		return strings.HasPrefix(message, "Signature expired") || strings.HasPrefix(message, "Signature not yet current")
	case "RequestExpired": // or the credentials are
	default:
		if StatusCode(err) != http.StatusForbidden || !slices.Contains([]string{"", code, http.StatusText(http.StatusForbidden)}, message) {
			return false
		}
	}
	there, dated := dateOf(err)
	return dated && time.Until(there).Abs() > clocksApart
}

// dateOf is when an answer says that it was given.
func dateOf(err error) (time.Time, bool) {
	date, unread := http.ParseTime(Header(err, "Date"))
	return date, unread == nil
}

// clockAdvice says what both clocks show, and so which may be wrong.
func clockAdvice(err error) string {
	here := time.Now()
	ours := "This computer's clock says " + clockText(here)
	there, dated := dateOf(err)
	switch {
	case !dated:
		return ours + ": if that is wrong, set it, then retry; if it is right, the service goes by a wrong clock."
	case there.Sub(here).Abs() > clocksApart:
		return ours + ", the answer is dated " + clockText(there) + ". If this computer is wrong, set its clock, then retry; " +
			"if it is right, the clock of the server at the endpoint or of a proxy on the way is wrong, and requests are signed by it."
	}
	return ours + ", and the answer is dated " + clockText(there) + ", which is the same: the service goes by another clock than it shows, " +
		"this computer's clock was set meanwhile, or something on the way holds requests back. Retry, and leave out a proxy if there is one."
}

func clockText(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
