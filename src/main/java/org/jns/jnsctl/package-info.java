// SPDX-License-Identifier: Apache-2.0
/** {@code jnsctl}, the admin's tool. */
package org.jns.jnsctl;
