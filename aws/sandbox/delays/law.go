// Package delays draws how long replications take. Nothing published says how
// S3's delays follow each other, so that is a law to choose: independent of one
// another, in bursts, at ticks and so on. All laws are made up. Whichever is
// chosen, half of all small objects take at most Median, and the time that an
// object's size takes comes on top.
package delays

import (
	"math"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/distance"
)

const (
	// sigma is the standard deviation of the logarithm of a delay that nothing
	// makes longer or shorter.
	sigma = 0.6
	// throughput is the rate of a replication in bytes a second.
	throughput = 40e6
)

// Law says how the delays of one direction follow each other. The zero value is
// the one of independent delays.
type Law struct {
	kind   int // index in kinds
	values [most]float64
}

// Median returns the delay from one region to another, in seconds, that half of
// all objects of no size stay below: that of a lognormal law with the mean of
// distance.Mean.
func Median(from, to string) float64 {
	// The mean of a lognormal law is its median times exp(sigma²/2).
	return distance.Mean(from, to) * math.Exp(-sigma*sigma/2)
}

// MildlyBursty is the law of demonstrations: one object in six is written in a
// burst of 20 s, in which delays are half as long again.
func MildlyBursty() Law {
	law, err := Parse("bursty:on=20s,off=100s,factor=1.5")
	if err != nil {
		panic(err) // a constant
	}
	return law
}

// Name is the law's name, such as bursty.
func (l Law) Name() string { return kinds[l.kind].name }

// String writes the law as Parse reads it, with all of its parameters.
func (l Law) String() string {
	kind := kinds[l.kind]
	var out strings.Builder
	out.WriteString(kind.name)
	for i, p := range kind.parameters {
		out.WriteByte(":,"[min(i, 1)])
		out.WriteString(p.name + "=" + p.unit.write(l.values[i]))
	}
	return out.String()
}

// write is a value as read reads it.
func (u unit) write(value float64) string {
	if u == span {
		text := time.Duration(math.Round(value * float64(time.Second))).String()
		if short, whole := strings.CutSuffix(text, "m0s"); whole {
			text = short + "m"
		}
		if short, whole := strings.CutSuffix(text, "h0m"); whole {
			text = short + "h"
		}
		return text
	}
	return strconv.FormatFloat(value, 'g', -1, 64)
}
