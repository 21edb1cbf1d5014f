// Package multipart is how S3 takes in an object in parts.
package multipart

import (
	"bothways/aws/sandbox/s3/request"
)

// Operations are those of multipart uploads.
func Operations() map[string]request.Operation {
	return map[string]request.Operation{
		"GET bucket uploads":     {Name: "ListMultipartUploads", Action: "s3:ListBucketMultipartUploads", Serve: listUploads},
		"POST object uploads":    {Name: "CreateMultipartUpload", Action: "s3:PutObject", Serve: createUpload},
		"PUT object uploadId":    {Name: "UploadPart", Action: "s3:PutObject", Serve: uploadPart},
		"COPY object uploadId":   {Name: "UploadPartCopy", Action: "s3:PutObject", Serve: copyPart},
		"POST object uploadId":   {Name: "CompleteMultipartUpload", Action: "s3:PutObject", Serve: completeUpload},
		"DELETE object uploadId": {Name: "AbortMultipartUpload", Action: "s3:AbortMultipartUpload", Serve: abortUpload},
		"GET object uploadId":    {Name: "ListParts", Action: "s3:ListMultipartUploadParts", Serve: listParts},
	}
}
