package cost

import "fmt"

// Sum writes an amount of US dollars with two digits. What is less than a cent is not
// written as nothing.
func Sum(dollars float64) string {
	if dollars > 0 && dollars < 0.005 {
		return "less than 0.01 USD"
	}
	return fmt.Sprintf("%.2f USD", dollars)
}
