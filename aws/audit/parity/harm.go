package parity

import (
	"fmt"
	"strings"
)

// inWords is for settings that no line makes alike.
func inWords(words string) func(doc, has any) string {
	return func(any, any) string { return words }
}

// policyHarm says why a policy is not written over another: it may let others in
// or lock everybody out, and what stands there would be lost.
func policyHarm(doc, has any) string {
	switch {
	case doc == nil:
		return "to delete a policy may lock others out, and replication's own statements with them: take out by hand what is not meant"
	case has != nil:
		return "the other bucket has a policy of its own, which a line would replace as a whole: put the statements in by hand"
	}
	for _, statement := range list(member(doc, "Statement")) {
		if effect, _ := member(statement, "Effect").(string); effect != "Allow" {
			return "it has a Deny, which may lock out whoever writes it there: put the statements in by hand"
		}
		for name := range all(member(statement, "Principal")) {
			if name != "Service" {
				return "it names others, who may be meant for one bucket only: put the statements in by hand"
			}
		}
		if members, is := statement.(map[string]any); is {
			if _, has := members["NotPrincipal"]; has {
				return "it names others, who may be meant for one bucket only: put the statements in by hand"
			}
		}
	}
	return ""
}

func all(principal any) map[string]any {
	if members, is := principal.(map[string]any); is {
		return members
	}
	return map[string]any{"*": nil}
}

// opensBucket says whether a public access block takes away what the other bucket
// blocks.
func opensBucket(doc, has any) string {
	there, _ := has.(map[string]any)
	for name, on := range there {
		if on == true && member(doc, name) != true {
			return fmt.Sprintf("it would take away what the other bucket blocks (%s), and may make objects public: change it by hand where that is meant", name)
		}
	}
	return ""
}

// lifecycleHarm says that rules which delete are better looked at.
func lifecycleHarm(doc, _ any) string {
	for _, rule := range list(member(doc, "Rules")) {
		for _, name := range []string{"Expiration", "NoncurrentVersionExpiration"} {
			if member(rule, name) != nil && member(rule, "Status") == "Enabled" {
				return "it has rules that delete, for good where versions are meant: once it is certain that they shall on both sides, write them with put-bucket-lifecycle-configuration"
			}
		}
	}
	return ""
}

// encryptionHarm says that a key of another region can't be taken over.
func encryptionHarm(doc, _ any) string {
	for _, rule := range list(member(doc, "Rules")) {
		if key := member(member(rule, "ApplyServerSideEncryptionByDefault"), "KMSMasterKeyID"); key != nil {
			return "it names a KMS key of the other region: choose one of the bucket's own region, let the replication roles use it (bothways plan says which rights), then write it with put-bucket-encryption"
		}
	}
	return ""
}

// lockHarm says that Object Lock can't be switched off, and what a retention does.
func lockHarm(doc, has any) string {
	switch {
	case doc == nil:
		return "Object Lock can't be switched off once it is on (S3 User Guide, \"Configuring S3 Object Lock\")"
	case has == nil:
		return "Object Lock can't be switched off again, and its default retention keeps what is written from deletion: switch it on by hand where that is meant"
	case member(member(member(doc, "Rule"), "DefaultRetention"), "Mode") == "COMPLIANCE":
		return "under a retention in compliance mode nobody can delete what is written, not even the root user: set it by hand where that is meant"
	}
	return ""
}

// notificationHarm says that targets lie in the bucket's own region.
func notificationHarm(doc, has any) string {
	for _, d := range []any{doc, has} {
		for _, name := range []string{"LambdaFunctionConfigurations", "QueueConfigurations", "TopicConfigurations"} {
			if member(d, name) != nil {
				return "queues, topics and functions have to lie in the bucket's own region and to let S3 in: make them there, then write the notifications with put-bucket-notification-configuration; EventBridge takes only to be switched on"
			}
		}
	}
	return ""
}

// tagsHarm says that tags are replaced as a whole.
func tagsHarm(_, has any) string {
	for _, tag := range list(member(has, "TagSet")) {
		if key, _ := member(tag, "Key").(string); strings.HasPrefix(key, "aws:") || strings.HasPrefix(key, "bothways:") {
			return "the other bucket has tags of AWS's or of bothways' own, which a line would take away: add and change single tags with aws s3control tag-resource"
		}
	}
	return ""
}

// loggingHarm says that logs are kept in the bucket's own region.
func loggingHarm(doc, _ any) string {
	if doc != nil {
		return "logs go to a bucket of the same region and account, which has to let S3 write there: choose one, then write it with put-bucket-logging"
	}
	return ""
}
