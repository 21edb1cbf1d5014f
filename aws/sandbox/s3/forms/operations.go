// Package forms takes in files that browsers send in forms, which presigned
// policies allow (boto3's generate_presigned_post, mc share upload).
package forms

import (
	"bothways/aws/sandbox/s3/request"
)

// Operations are that of forms.
func Operations() map[string]request.Operation {
	return map[string]request.Operation{
		"POST bucket ": {Name: "PostObject", Serve: postObject},
	}
}
