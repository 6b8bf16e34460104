// SPDX-License-Identifier: Apache-2.0
package org.jns.cli;

import org.jns.model.Planned;
import org.jns.model.Selection;
import org.jns.model.Subject;

/** What {@code jnsctl explain} found out. */
record Explanation(Subject subject, Selection selection, Planned planned) {}
