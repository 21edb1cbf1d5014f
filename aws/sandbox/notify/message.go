package notify

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
	"time"

	"bothways/aws/sandbox/store"
)

// message is the body of what S3 sends (S3 User Guide, Event message structure).
type message struct {
	Records []record `json:"Records"`
}

type record struct {
	EventVersion string            `json:"eventVersion"`
	EventSource  string            `json:"eventSource"`
	AWSRegion    string            `json:"awsRegion"`
	EventTime    string            `json:"eventTime"`
	EventName    string            `json:"eventName"`
	UserIdentity principal         `json:"userIdentity"`
	Parameters   map[string]string `json:"requestParameters"`
	Response     map[string]string `json:"responseElements"`
	S3           entity            `json:"s3"`
	Replication  *replicationData  `json:"replicationEventData,omitempty"`
}

type principal struct {
	ID string `json:"principalId"`
}

type entity struct {
	SchemaVersion   string `json:"s3SchemaVersion"`
	ConfigurationID string `json:"configurationId"`
	Bucket          bucket `json:"bucket"`
	Object          object `json:"object"`
}

type bucket struct {
	Name  string    `json:"name"`
	Owner principal `json:"ownerIdentity"`
	ARN   string    `json:"arn"`
}

type object struct {
	Key       string `json:"key"`
	Size      *int64 `json:"size,omitempty"`
	ETag      string `json:"eTag,omitempty"`
	VersionID string `json:"versionId,omitempty"`
	Sequencer string `json:"sequencer"`
}

type replicationData struct {
	RuleID      string `json:"replicationRuleId"`
	Destination string `json:"destinationBucket"`
	// Operation is that of AWS's example. What it says of a delete marker is
	// not known, so nothing is said.
	Operation string `json:"s3Operation,omitempty"`
	Requested string `json:"requestTime"`
	Reason    string `json:"failureReason,omitempty"`
	Threshold string `json:"threshold,omitempty"`
	Took      string `json:"replicationTime,omitempty"`
}

// messageOf writes an event for the notification of that id.
func messageOf(e Event, id string) message {
	r := record{
		// 2.2 is the version of events of replication, 2.1 of those of objects.
		EventVersion: "2.1", EventSource: "aws:s3", AWSRegion: e.Bucket.Region, EventTime: instant(e.At),
		EventName:    strings.TrimPrefix(e.Name, "s3:"),
		UserIdentity: principal{"s3.amazonaws.com"}, Parameters: map[string]string{"sourceIPAddress": "s3.amazonaws.com"},
		S3: entity{
			SchemaVersion: "1.0", ConfigurationID: id,
			Bucket: bucket{e.Bucket.Name, principal{store.CanonicalID(e.Bucket.Owner)}, e.Bucket.ARN()},
			Object: object{
				// Keys are encoded as in a form, but for their slashes.
				Key:  strings.ReplaceAll(url.QueryEscape(e.Key), "%2F", "/"),
				ETag: e.ETag, VersionID: e.VersionID, Sequencer: fmt.Sprintf("%016X", e.At.UnixNano()),
			},
		},
	}
	if e.Size >= 0 {
		r.S3.Object.Size = &e.Size
	}
	if cause := e.Cause; cause != nil {
		r.UserIdentity.ID = "AWS:" + cmp.Or(cause.PrincipalID, "ANONYMOUS")
		r.Parameters["sourceIPAddress"] = cause.SourceIP
		r.Response = map[string]string{"x-amz-request-id": cause.RequestID, "x-amz-id-2": cause.HostID}
	}
	if of := e.Replication; of != nil {
		r.EventVersion = "2.2"
		r.Replication = &replicationData{
			RuleID: of.RuleID, Destination: strings.TrimSuffix(e.Bucket.ARN(), e.Bucket.Name) + of.Destination, Requested: instant(of.Requested), Reason: of.Reason,
			Threshold: minutes(of.Threshold), Took: minutes(of.Took),
		}
		if !of.Marker {
			r.Replication.Operation = "OBJECT_PUT"
		}
	}
	return message{[]record{r}}
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// minutes writes a span in whole minutes, "" for none.
func minutes(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return fmt.Sprint(int(d / time.Minute))
}
