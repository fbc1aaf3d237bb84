package components

import (
	"context"
	"fmt"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
)

// BalanceChart is the balance of the days, oldest first; the last one is today.
type BalanceChart struct {
	Days      []distribution.BalanceDay
	Threshold distribution.Amount // 0: none
	At        time.Time           // of the last figure, UTC
	Now       time.Time           // UTC
}

// known reports that there is a figure to draw.
func (c BalanceChart) known() bool { return len(c.Days) > 0 && c.Days[len(c.Days)-1].Known }

func (c BalanceChart) today() distribution.BalanceDay { return c.Days[len(c.Days)-1] }

// place is a coordinate in hundredths of a percent of the chart's width or height.
type place int64

const whole place = 100_00

// String is the number for an inner drawing that is 100 wide and high.
func (p place) String() string { return fmt.Sprintf("%d.%02d", p/100, p%100) }

func (p place) percent() string { return p.String() + "%" }

// grid is the scale of amounts: lines at the multiples of step, top above all.
type grid struct{ step, top distribution.Amount }

// grid is chosen so that two to four lines carry a round amount each.
func (c BalanceChart) grid() grid {
	top := c.Threshold
	for _, d := range c.Days {
		top = max(top, d.Opening, d.Closing, d.In, d.Out)
	}
	step := distribution.Amount(1_000_00)
	for i := 0; top/step > 4; i++ {
		if i%3 == 1 { // 1, 2, 5, 10
			step = step / 2 * 5
		} else {
			step *= 2
		}
	}
	return grid{step, max(top+top/12, step)}
}

// height is how far from the upper edge the amount is.
func (g grid) height(a distribution.Amount) place {
	part := (g.top + distribution.Amount(whole) - 1) / distribution.Amount(whole) // of one hundredth of a percent
	return whole - place(min(max(a, 0)/part, distribution.Amount(whole)))
}

// lines are the amounts that have one.
func (g grid) lines() []distribution.Amount {
	var all []distribution.Amount
	for a := g.step; a < g.top; a += g.step {
		all = append(all, a)
	}
	return all
}

// near reports that two marks would run into each other.
func (g grid) near(a, b distribution.Amount) bool {
	gap := g.height(a) - g.height(b)
	return b > 0 && max(gap, -gap) < 8_00
}

// left is where the column of a day begins.
func (c BalanceChart) left(day int) place { return whole * place(day) / place(len(c.Days)) }

// line is the path of the balance: a step for each day.
func (c BalanceChart) line(g grid) string {
	path := ""
	for i, d := range c.Days {
		if !d.Known {
			continue
		}
		if path == "" {
			path = fmt.Sprintf("M%s %s", c.left(i), g.height(d.Opening))
		}
		path += fmt.Sprintf("V%sH%s", g.height(d.Closing), c.left(i+1))
	}
	return path
}

// area is what lies under the line.
func (c BalanceChart) area(g grid) string {
	for i, d := range c.Days {
		if d.Known {
			return c.line(g) + fmt.Sprintf("V100H%sZ", c.left(i))
		}
	}
	return ""
}

// bar is a column of the inner drawing.
type bar struct{ X, Y, Width, Height place }

// bar stands in the column of a day: what left in its first half, what came in
// its second. An amount that is not zero is never too small to be seen.
func (c BalanceChart) bar(g grid, day int, a distribution.Amount, second bool) bar {
	width := c.left(1)
	b := bar{X: c.left(day) + width/5, Y: min(g.height(a), whole-50), Width: width * 3 / 10}
	if second {
		b.X += width * 3 / 10
	}
	b.Height = whole - b.Y
	return b
}

// dates are the days that are named under the chart: each seventh back from today.
func (c BalanceChart) dates() []int {
	var days []int
	for i := len(c.Days) - 1; i >= 0; i -= 7 {
		days = append(days, i)
	}
	return days
}

// middle is where the name of a day stands.
func (c BalanceChart) middle(day int) place { return (c.left(day) + c.left(day+1)) / 2 }

// Short writes an amount for the axis, where there is no room: "6 млн".
func Short(ctx context.Context, a distribution.Amount) string {
	const thousand, million = 1_000_00, 1_000_000_00
	if a < million {
		return i18n.T(ctx, "chart.thousands", "N", tenths(ctx, a, thousand))
	}
	return i18n.T(ctx, "chart.millions", "N", tenths(ctx, a, million))
}

// tenths is a in units, rounded down to one decimal that is left out when it is 0.
func tenths(ctx context.Context, a, unit distribution.Amount) string {
	text := i18n.Count(ctx, int(a/unit))
	if tenth := a % unit / (unit / 10); tenth > 0 {
		text += "," + i18n.Count(ctx, int(tenth))
	}
	return text
}

// dayText is what the column of a day tells under the pointer.
func dayText(ctx context.Context, d distribution.BalanceDay) string {
	return i18n.T(ctx, "chart.day", "Day", i18n.Date(ctx, d.Day), "Balance", i18n.Money(ctx, int64(d.Closing)),
		"In", i18n.Money(ctx, int64(d.In)), "Out", i18n.Money(ctx, int64(d.Out)))
}

// describe says in words what a reader who does not see the drawing misses.
func (c BalanceChart) describe(ctx context.Context) string {
	text := i18n.T(ctx, "chart.now", "Balance", i18n.Money(ctx, int64(c.today().Closing)))
	if c.Threshold > 0 {
		text += " " + i18n.T(ctx, "chart.limit", "Limit", i18n.Money(ctx, int64(c.Threshold)))
	}
	return text + " " + i18n.T(ctx, "chart.see_table")
}

// latestFirst are the days of the table.
func (c BalanceChart) latestFirst() []distribution.BalanceDay {
	var all []distribution.BalanceDay
	for i := len(c.Days) - 1; i >= 0 && c.Days[i].Known; i-- {
		all = append(all, c.Days[i])
	}
	return all
}
