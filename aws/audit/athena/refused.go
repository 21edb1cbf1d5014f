package athena

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"bothways/aws/apierror"
)

// FailedError says that a query came to no answer.
type FailedError struct {
	ID     string // of the execution
	State  string // FAILED or CANCELLED
	Reason string // in Athena's words
}

func (e *FailedError) Error() string {
	text := fmt.Sprintf("the query %s failed in Athena: %s", e.ID, e.Reason)
	if e.State == string(types.QueryExecutionStateCancelled) {
		text = fmt.Sprintf("the query %s was cancelled in Athena: %s", e.ID, e.Reason)
	}
	if todo := e.advice(); todo != "" {
		text = strings.TrimSuffix(text, ".") + ". " + todo
	}
	return text
}

// advice is what to do about it, or "": Athena User Guide, Troubleshooting in
// Athena, and the reference of its errors.
func (e *FailedError) advice() string {
	says := func(parts ...string) bool {
		for _, part := range parts {
			if strings.Contains(strings.ToLower(e.Reason), part) {
				return true
			}
		}
		return false
	}
	switch {
	case e.State == string(types.QueryExecutionStateCancelled):
		return "Somebody stopped it, or it read more than the workgroup lets a query read; --resume asks again"
	case says("access denied", "permission_denied", "insufficient permissions", "not authorized"):
		return "Athena reads with the rights of the credentials that ask: they need the lists of both sides, the place for answers, and the tables in Glue"
	case says("table_not_found", "schema_not_found", "does not exist"):
		return "Look at the names given to --athena-tables and --athena-database"
	case says("exhausted resources", "exceeded_memory", "exceeded_local_memory", "query timeout"):
		return "The lists are too large for one query: audit with --inventory alone, which joins them on this computer's disk"
	}
	return ""
}

// refused words what Athena answered instead of doing it.
func (q *Queries) refused(doing string, err error) error {
	message := strings.ToLower(apierror.Message(err))
	switch code := apierror.Code(err); {
	case code == "TooManyRequestsException":
		doing += ": the account asks Athena for more at once than it may; try later, or with another workgroup"
	case strings.Contains(message, "output location"):
		doing += ": the workgroup has no place for answers; give one with --athena-output s3://BUCKET/PREFIX/"
	case strings.Contains(message, "output bucket"):
		doing += ": the place for answers can't be used; give another one with --athena-output s3://BUCKET/PREFIX/"
	case strings.Contains(message, "workgroup") && strings.Contains(message, "not found"):
		doing += ": there is no such workgroup in " + q.Region
	case strings.Contains(message, "workgroup") && strings.Contains(message, "disabled"):
		doing += ": the workgroup is disabled"
	}
	return fmt.Errorf("%s: %w", doing, err)
}
