// SPDX-License-Identifier: Apache-2.0
/**
 * {@code jnsenter}: what its command line means, who and what its names stand for, and the recipe that comes of it. Loaded by the resident
 * helper when somebody asks for it, on the thread that answers, which is in no view then.
 */
package org.jns.jnsenter;
