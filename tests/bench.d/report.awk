# SPDX-License-Identifier: Apache-2.0
#
# awk -v format=text|markdown|json -f report.awk figures.tsv results.tsv
#
# Prints the measured rows with their ratios and targets. The first table has the rows that were measured for the columns
# init and noinit; each other column of such a row, however many there are, is compared with these two. The second table
# has the rest: its last column, next to the one before it.

BEGIN { FS = "\t" }

FNR == NR {
    if (/^#/) next
    figures++
    row[figures] = $1; stat[figures] = $2; label[figures] = $3; unit[figures] = $4; targets[figures] = $5
    next
}
/^#/ { about_key[++abouts] = substr($1, 3); about[abouts] = $2; next }
{
    columns[$1] = columns[$1] (columns[$1] == "" ? "" : " ") $2
    n[$1, $2] = $4
    value[$1, $2, "median"] = $5; value[$1, $2, "p90"] = $6; value[$1, $2, "p99"] = $7
    value[$1, $2, "min"] = $8; value[$1, $2, "max"] = $9
}

END {
    for (i = 1; i <= figures; i++) {
        if (columns[row[i]] == "") continue
        main[i] = (" " columns[row[i]] " ") ~ / init .*noinit /
        if (!main[i]) continue
        count = split(columns[row[i]], names, " ")
        for (k = 1; k <= count; k++)
            if (names[k] != "init" && names[k] != "noinit" && !known[names[k]]++) ours[++our_count] = names[k]
    }
    if (format == "json") {
        print_json()
    } else {
        for (i = 1; i <= abouts; i++) print (format == "markdown" ? "- " : "") about_key[i] ": " about[i]
        print ""
        print_main()
        print_rest()
    }
}

# of(i, COLUMN): what figure i says for the column.
function of(i, column) { return value[row[i], column, stat[i]] }

function text_of(i, column,    v) {
    if (!((row[i], column) in n)) return "-"
    v = of(i, column)
    return sprintf(unit[i] == "number" || v >= 100 ? "%.0f" : "%.1f", v)
}

function ratio_of(i, a, b) { return ((row[i], a) in n) && of(i, b) > 0 ? sprintf("%.2f", of(i, a) / of(i, b)) : "-" }

# The targets of figure i in words, with their outcome; judged holds the same as JSON.
function judge(i,    list, count, k, at, relation, column, factor, other, found, met, words) {
    judged = ""
    count = targets[i] == "-" ? 0 : split(targets[i], list, " ")
    for (k = 1; k <= count; k++) {
        at = match(list[k], /[<>]=/)
        column = substr(list[k], 1, at - 1); relation = substr(list[k], at, 2); factor = substr(list[k], at + 2)
        other = ""
        if (at = index(factor, "*")) { other = substr(factor, at + 1); factor = substr(factor, 1, at - 1) }
        if (!((row[i], column) in n)) continue
        found = other == "" ? of(i, column) : of(i, column) / of(i, other)
        met = relation == "<=" ? found <= factor + 0 : found >= factor + 0
        words = words (words == "" ? "" : "; ") (our_count > 1 && main[i] ? column " " : "") relation " " factor \
            (other == "" ? "" : " x " other) (met ? ": met" : ": not met")
        judged = judged (judged == "" ? "" : ", ") "{\"column\": \"" column "\", \"relation\": \"" relation \
            "\", \"limit\": " factor ", \"times\": \"" other "\", \"found\": " sprintf("%.4f", found) ", \"met\": " \
            (met ? "true" : "false") "}"
    }
    return words == "" ? "-" : words
}

# ---- tables ----

function begin_line() { lines++; cells = 0 }
function cell(text) {
    grid[lines, ++cells] = text
    if (length(text) > width[cells]) width[cells] = length(text)
}

function print_main(    i, k) {
    begin_line()
    cell("figure"); cell("n"); cell("pam_namespace"); cell("the same, noinit")
    for (k = 1; k <= our_count; k++) cell("jns, " ours[k])
    for (k = 1; k <= our_count; k++) { cell(ours[k] " / init"); cell(ours[k] " / noinit") }
    cell("target")
    for (i = 1; i <= figures; i++) {
        if (!main[i]) continue
        begin_line()
        cell(label[i] ", " unit[i]); cell(n[row[i], "init"]); cell(text_of(i, "init")); cell(text_of(i, "noinit"))
        for (k = 1; k <= our_count; k++) cell(text_of(i, ours[k]))
        for (k = 1; k <= our_count; k++) { cell(ratio_of(i, ours[k], "init")); cell(ratio_of(i, ours[k], "noinit")) }
        cell(judge(i))
    }
    print_grid()
}

function print_rest(    i, count, names) {
    begin_line()
    cell("figure"); cell("n"); cell("compared with"); cell("found"); cell("ratio"); cell("target")
    for (i = 1; i <= figures; i++) {
        if (main[i] || columns[row[i]] == "") continue
        count = split(columns[row[i]], names, " ")
        begin_line()
        cell(label[i] (unit[i] == "number" ? "" : ", " unit[i])); cell(n[row[i], names[count]])
        cell(count > 1 ? names[count - 1] ": " text_of(i, names[count - 1]) : "-")
        cell(names[count] ": " text_of(i, names[count]))
        cell(count > 1 ? ratio_of(i, names[count], names[count - 1]) : "-")
        cell(judge(i))
    }
    print_grid()
}

function print_grid(    l, c, text) {
    for (l = 1; l <= lines && lines > 1; l++) {
        text = ""
        for (c = 1; c <= cells; c++) {
            if (format == "markdown") text = text "| " grid[l, c] " "
            else if (c == 1) text = sprintf("%-" width[c] "s", grid[l, c])
            else if (c == cells) text = text "  " grid[l, c]
            else text = text sprintf("  %" width[c] "s", grid[l, c])
        }
        print format == "markdown" ? text "|" : text
        if (l == 1 && format == "markdown") {
            text = "|---"
            for (c = 2; c <= cells; c++) text = text (c == cells ? "|---" : "|---:")
            print text "|"
        }
    }
    if (lines > 1) print ""
    for (c = 1; c <= 99; c++) width[c] = 0
    lines = 0
}

# ---- JSON ----

function quoted(text) { gsub(/["\\]/, "\\\\&", text); return "\"" text "\"" }

function print_json(    i, k, count, names, text, separator) {
    print "{"
    for (i = 1; i <= abouts; i++) print "  " quoted(about_key[i]) ": " quoted(about[i]) ","
    print "  \"figures\": ["
    for (i = 1; i <= figures; i++) {
        if (columns[row[i]] == "") continue
        text = ""
        count = split(columns[row[i]], names, " ")
        for (k = 1; k <= count; k++)
            text = text (k > 1 ? ", " : "") quoted(names[k]) ": {\"n\": " n[row[i], names[k]] ", \"value\": " of(i, names[k]) "}"
        judge(i)
        printf "%s    {\"row\": %s, \"figure\": %s, \"label\": %s, \"unit\": %s, \"columns\": {%s}, \"targets\": [%s]}", \
            separator, quoted(row[i]), quoted(stat[i]), quoted(label[i]), quoted(unit[i]), text, judged
        separator = ",\n"
    }
    print "\n  ]\n}"
}
