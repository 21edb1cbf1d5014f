package stats

import "math"

// exactStudent is the number of degrees of freedom up to which Student's
// distribution is summed up.
const exactStudent = 200

// student is the point beyond which Student's distribution has as much as the
// normal one has beyond z: exactly up to 200 degrees of freedom, and by the
// Cornish-Fisher expansion in 1/df above.
func student(z float64, df int) float64 {
	v := float64(df)
	z3 := z * z * z
	z5 := z3 * z * z
	point := z + (z3+z)/(4*v) + (5*z5+16*z3+3*z)/(96*v*v)
	if df < 1 || df > exactStudent {
		return point
	}
	outside := math.Erfc(z / math.Sqrt2)
	low, high := 0.0, 2*point
	for studentOutside(high, df) > outside {
		high *= 2
	}
	for high-low > 1e-12*high {
		middle := low + (high-low)/2
		if middle == low || middle == high {
			break
		}
		if studentOutside(middle, df) > outside {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// studentOutside is P(|T| > t) for T of Student's distribution (Abramowitz and
// Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4).
func studentOutside(t float64, df int) float64 {
	angle := math.Atan2(t, math.Sqrt(float64(df)))
	sin, cos := math.Sincos(angle)
	if df%2 == 0 {
		sum, term := 1.0, 1.0
		for k := 2; k <= df-2; k += 2 {
			term *= cos * cos * float64(k-1) / float64(k)
			sum += term
		}
		return 1 - sin*sum
	}
	sum := 0.0
	for k, term := 1, cos; k <= df-2; k += 2 {
		sum += term
		term *= cos * cos * float64(k+1) / float64(k+2)
	}
	return 1 - 2/math.Pi*(angle+sin*sum)
}
