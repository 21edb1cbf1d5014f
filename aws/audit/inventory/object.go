package inventory

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// object reads an object, and goes on where a connection broke off.
type object struct {
	ctx         context.Context
	client      *s3.Client
	bucket, key string

	body  io.ReadCloser
	etag  *string
	at    int64
	tries int // since bytes came last
	read  func(int)
}

// mostTries is how often a broken connection is taken up again without a byte
// in between.
const mostTries = 6

func open(ctx context.Context, client *s3.Client, bucket, key string) *object {
	return &object{ctx: ctx, client: client, bucket: bucket, key: key}
}

// Read implements io.Reader.
func (o *object) Read(p []byte) (int, error) {
	for {
		if o.body == nil {
			if err := o.ask(); err != nil {
				return 0, err
			}
		}
		n, err := o.body.Read(p)
		o.at += int64(n)
		if n > 0 {
			o.tries = 0
			if o.read != nil {
				o.read(n)
			}
		}
		if err == nil || errors.Is(err, io.EOF) || n > 0 {
			if err != nil && !errors.Is(err, io.EOF) {
				o.drop()
				err = nil
			}
			return n, err
		}
		o.drop()
		if o.tries++; o.tries > mostTries || o.ctx.Err() != nil {
			return 0, errors.Join(o.ctx.Err(), err)
		}
		select {
		case <-time.After(time.Second << o.tries / 2):
		case <-o.ctx.Done():
			return 0, o.ctx.Err()
		}
	}
}

// ask asks for what is still to come of the object as it was at first.
func (o *object) ask() error {
	in := &s3.GetObjectInput{Bucket: &o.bucket, Key: &o.key, IfMatch: o.etag}
	if o.at > 0 {
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", o.at))
	}
	out, err := o.client.GetObject(o.ctx, in)
	if err != nil {
		return err
	}
	o.body, o.etag = out.Body, out.ETag
	return nil
}

func (o *object) drop() {
	if o.body != nil {
		_ = o.body.Close() // what it has said is enough
		o.body = nil
	}
}

// Close implements io.Closer.
func (o *object) Close() error {
	o.drop()
	return nil
}
