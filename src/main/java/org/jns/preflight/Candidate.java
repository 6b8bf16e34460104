// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

import org.jns.model.Subject;

/**
 * A login to plan.
 *
 * @param isService whether the account certainly belongs to no person: a server's, without a shell
 */
record Candidate(Subject subject, boolean isService) {}
