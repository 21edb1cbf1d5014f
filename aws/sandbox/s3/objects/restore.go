package objects

import (
	"net/http"
	"strconv"
	"time"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/storageclass"
	"bothways/aws/sandbox/store"
)

// restoreObject begins to bring an archived version within reach for a number
// of days, or changes that number for one that is there.
func restoreObject(c *request.Call) error {
	days, tier, err := readRestore(c)
	if err != nil {
		return err
	}
	found, err := findKept(c)
	if err != nil {
		return err
	}
	now, status := time.Now(), http.StatusAccepted
	_, err = c.Bucket.Amend(c.Key, found.ID, func(v *store.Version) error {
		class := storageclass.Of(v.StorageClass)
		takes, served := class.Retrieval[tier]
		switch {
		case !class.Archive():
			return refusal.New(http.StatusForbidden, "InvalidObjectState",
				"Restore is not allowed for the object's current storage class", refusal.With("StorageClass", ClassOf(v)))
		case !served:
			return request.InvalidArgument("Retrieval option is not supported by this storage class", "Tier", tier)
		case now.Before(v.Restored.From):
			return refusal.New(http.StatusConflict, "RestoreAlreadyInProgress", "Object restore is already in progress")
		case v.Restored.Covers(now):
			status = http.StatusOK
		default:
			v.Restored.From = now.Add(time.Duration(float64(takes) / c.Backend.Scale))
		}
		v.Restored.Until = midnightAfter(later(now, v.Restored.From).AddDate(0, 0, days))
		return nil
	})
	if err != nil {
		return err
	}
	return c.Empty(status)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// midnightAfter rounds up to the next midnight UTC, to which S3 counts days of
// restored copies and of expirations.
func midnightAfter(t time.Time) time.Time { return t.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1) }

// readRestore reads a RestoreRequest. The older place of the tier is within
// GlacierJobParameters (S3 API Reference, RestoreObject).
func readRestore(c *request.Call) (days int, tier string, err error) {
	root, err := c.ReadXML("RestoreRequest", request.MalformedXML())
	if err != nil {
		return 0, "", err
	}
	if root.Value("Type") != "" || root.Child("SelectParameters") != nil || root.Child("OutputLocation") != nil {
		return 0, "", request.NotImplemented("Type") // S3 Select, closed to new customers
	}
	tier = root.Value("Tier")
	if tier == "" {
		tier = root.Child("GlacierJobParameters").Value("Tier")
	}
	switch tier {
	case "":
		tier = "Standard"
	case "Standard", "Bulk", "Expedited":
	default:
		return 0, "", request.MalformedXML()
	}
	days, err = strconv.Atoi(root.Value("Days"))
	switch {
	case err != nil:
		return 0, "", request.MalformedXML()
	case days < 1 || days > 36500:
		return 0, "", request.InvalidArgument("restoration days should be at least 1", "Days", strconv.Itoa(days))
	}
	return days, tier, nil
}

// checkThawed refuses to read what is in an archive (S3 API Reference, Error
// responses: InvalidObjectState).
func checkThawed(v *store.Version) error {
	if storageclass.Of(v.StorageClass).Archive() && !v.Restored.Covers(time.Now()) {
		return refusal.New(http.StatusForbidden, "InvalidObjectState", "The operation is not valid for the object's storage class",
			refusal.With("StorageClass", v.StorageClass))
	}
	return nil
}

// setRestore sends how far the restoration of a version is.
func setRestore(c *request.Call, v *store.Version) {
	switch now := time.Now(); {
	case now.Before(v.Restored.From):
		c.W.Header().Set("X-Amz-Restore", `ongoing-request="true"`)
	case v.Restored.Covers(now):
		c.W.Header().Set("X-Amz-Restore", `ongoing-request="false", expiry-date="`+request.HTTPDate(v.Restored.Until)+`"`)
	}
}
