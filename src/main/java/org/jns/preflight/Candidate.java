// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

import org.jns.model.Subject;

/**
 * A login that is planned.
 *
 * @param isService whether the account is surely nobody's who logs in: a server's, without a shell
 */
record Candidate(Subject subject, boolean isService) {}
