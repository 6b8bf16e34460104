// SPDX-License-Identifier: Apache-2.0
/**
 * {@code jnsenter}: the meaning of its command line, the users and targets that it names, and the resulting recipe. The
 * resident daemon loads it on request, on the answering thread, which is in no view at that time.
 */
package org.jns.jnsenter;
