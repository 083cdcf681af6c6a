// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Entitlements} from "../src/Entitlements.sol";
import {IEntitlements} from "../src/interfaces/IEntitlements.sol";
import {AgentFixture} from "./AgentFixture.sol";
import {vm} from "./Vm.sol";

/// @title An agent of CREATOR's, access to which is sold for 10 dollars and 30 days
abstract contract EntitlementFixture is AgentFixture {
    uint64 internal constant MONTH = 30 days;
    uint64 internal constant WINDOW = 1 days;
    uint64 internal constant FOR_EVER = type(uint64).max;
    address internal constant BUYER = address(0xB0B);

    Entitlements internal sale;
    uint256 internal agentId;

    function setUp() public virtual override {
        super.setUp();
        sale = _newSale(address(authority));
        agentId = _register(CREATOR);
        _list(_terms());
    }

    function _newSale(address manager) internal virtual returns (Entitlements) {
        return new Entitlements(manager, address(identity), 500, FEES, 1 hours);
    }

    function _terms() internal view returns (IEntitlements.Terms memory) {
        return IEntitlements.Terms({
            token: address(token),
            price: 10 * DOLLAR,
            duration: MONTH,
            refundWindow: WINDOW,
            supplyCap: 3,
            uri: "ipfs://access"
        });
    }

    function _list(IEntitlements.Terms memory terms) internal returns (uint64 version) {
        vm.prank(CREATOR);
        sale.list(agentId, terms);
        return sale.listingOf(agentId).version;
    }

    function _fund(address account, uint256 amount) internal {
        token.mint(account, amount);
        vm.prank(account);
        token.approve(address(sale), amount);
    }

    function _buy(address account) internal {
        _fund(account, sale.listingOf(agentId).terms.price);
        uint64 version = sale.listingOf(agentId).version;
        vm.prank(account);
        sale.buy(agentId, version);
    }

    function _send(address from, address to) internal {
        vm.prank(from);
        sale.safeTransferFrom(from, to, agentId, 1, "");
    }

    function _held() internal view returns (uint256) {
        return token.balanceOf(address(sale));
    }
}
