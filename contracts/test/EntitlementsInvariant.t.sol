// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Entitlements} from "../src/Entitlements.sol";
import {IEntitlements} from "../src/interfaces/IEntitlements.sol";
import {EntitlementFixture} from "./EntitlementFixture.sol";
import {vm} from "./Vm.sol";

/// @dev Does whatever buyers, sellers and governance may do, in any order, as far as the sale lets it.
contract SaleActor is EntitlementFixture {
    uint256 public constant HOLDERS = 5;

    uint256 public clock = START;

    /// @dev Open to the fuzzer like every function, so a second call must change nothing.
    function setUp() public override {
        if (address(sale) == address(0)) super.setUp();
    }

    function listAgain(uint256 price, uint64 duration, uint64 cap) external {
        IEntitlements.Terms memory terms = _terms();
        terms.price = _bound(price, 1, 50 * DOLLAR);
        terms.duration = duration % 3 == 0 ? 0 : uint64(_bound(duration, WINDOW, MONTH));
        terms.supplyCap = uint64(_bound(cap, 1, HOLDERS));
        address owner = identity.ownerOf(agentId);
        vm.prank(owner);
        sale.list(agentId, terms);
    }

    function buy(uint256 who) external {
        IEntitlements.Listing memory listing = sale.listingOf(agentId);
        _fund(holder(who), listing.terms.price);
        vm.prank(holder(who));
        try sale.buy(agentId, listing.version) {} catch {}
    }

    function refund(uint256 who) external {
        vm.prank(holder(who));
        try sale.refund(agentId, holder(who)) {} catch {}
    }

    function waive(uint256 who) external {
        vm.prank(holder(who));
        try sale.waiveRefund(agentId) {} catch {}
    }

    function release(uint256 who) external {
        try sale.release(agentId, holder(who)) {} catch {}
    }

    function clearExpired(uint256 who) external {
        try sale.clearExpired(agentId, holder(who)) {} catch {}
    }

    function send(uint256 from, uint256 to, uint256 value) external {
        vm.prank(holder(from));
        try sale.safeTransferFrom(holder(from), holder(to), agentId, value % 3, "") {} catch {}
    }

    function withdraw(uint256 who) external {
        vm.prank(earner(who));
        try sale.withdrawRevenue(address(token), PAYOUT) {} catch {}
    }

    function sellAgent() external {
        address owner = identity.ownerOf(agentId);
        _transfer(agentId, owner, owner == CREATOR ? OTHER : CREATOR);
    }

    function setFee(uint16 fee, bool other) external {
        vm.prank(GOVERNOR);
        sale.setFee(fee % 1_001);
        vm.prank(GOVERNOR);
        sale.setFeeRecipient(other ? FAULTS : FEES);
    }

    function passTime(uint256 seconds_) external {
        clock += _bound(seconds_, 1, WINDOW);
        vm.warp(clock);
    }

    /// @dev All the sale owes to anybody.
    function owed() external view returns (uint256 sum) {
        for (uint256 i = 0; i < HOLDERS; ++i) sum += sale.purchaseOf(holder(i), agentId).paid;
        for (uint256 i = 0; i < 4; ++i) sum += sale.revenueOf(earner(i), address(token));
    }

    function held() external view returns (uint256) {
        return _held();
    }

    /// @dev How many tokens the sale counts, and how many the holders have; each with an expiry, and none without.
    function supply() external view returns (uint256 counted, uint256 found, uint256 expiries) {
        counted = sale.listingOf(agentId).supply;
        for (uint256 i = 0; i < HOLDERS; ++i) {
            found += sale.balanceOf(holder(i), agentId);
            if (sale.expiryOf(holder(i), agentId) != 0) ++expiries;
        }
    }

    function holder(uint256 who) public pure returns (address) {
        return address(uint160(0xB000 + who % HOLDERS));
    }

    function earner(uint256 who) public pure returns (address) {
        return [CREATOR, OTHER, FEES, FAULTS][who % 4];
    }
}

/// @dev A sale that forgets.
contract ForgetfulSale is Entitlements {
    constructor(address manager, address identity, address fees) Entitlements(manager, identity, 500, fees, 0) {}

    /// @dev Makes a purchase final, and leaves it refundable.
    function releaseAndKeep(address holder, uint256 agentId) external {
        Purchase memory purchase = _purchases[holder][agentId];
        _release(holder, agentId);
        _purchases[holder][agentId] = purchase;
    }

    /// @dev Burns a token, and counts it still.
    function burnAndKeep(address holder, uint256 agentId) external {
        _burn(holder, agentId, 1);
    }
}

abstract contract SaleLaws {
    error Insolvent(uint256 owed, uint256 held);
    error WrongSupply(uint256 counted, uint256 found, uint256 expiries);

    function _requireSolvent(SaleActor actor) internal view {
        (uint256 owed, uint256 held) = (actor.owed(), actor.held());
        if (owed != held) revert Insolvent(owed, held);
    }

    function _requireSupply(SaleActor actor) internal view {
        (uint256 counted, uint256 found, uint256 expiries) = actor.supply();
        if (counted != found || found != expiries) revert WrongSupply(counted, found, expiries);
    }
}

contract EntitlementsInvariantTest is SaleLaws {
    SaleActor private actor;

    function setUp() public {
        actor = new SaleActor();
        actor.setUp();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actor);
    }

    function invariant_sale_holds_exactly_what_it_owes() public view {
        _requireSolvent(actor);
    }

    function invariant_supply_is_what_holders_have_each_with_an_expiry() public view {
        _requireSupply(actor);
    }
}

/// @dev The same actor over a sale with a planted bug.
contract ForgetfulActor is SaleActor {
    function _newSale(address manager) internal override returns (Entitlements) {
        return new ForgetfulSale(manager, address(identity), FEES);
    }

    function payTwice() external {
        ForgetfulSale(address(sale)).releaseAndKeep(holder(0), agentId);
    }

    function loseToken() external {
        ForgetfulSale(address(sale)).burnAndKeep(holder(0), agentId);
    }
}

contract EntitlementsPlantedBugTest is SaleLaws {
    ForgetfulActor private actor;

    function setUp() public {
        actor = new ForgetfulActor();
        actor.setUp();
        actor.buy(0);
        _requireSolvent(actor);
        _requireSupply(actor);
    }

    function requireSolvent() external view {
        _requireSolvent(actor);
    }

    function requireSupply() external view {
        _requireSupply(actor);
    }

    function test_a_sale_that_pays_twice_is_found_insolvent() public {
        actor.payTwice();
        vm.expectRevert(abi.encodeWithSelector(Insolvent.selector, 20e6, 10e6));
        this.requireSolvent();
    }

    function test_a_sale_that_loses_a_token_is_found_out() public {
        actor.loseToken();
        vm.expectRevert(abi.encodeWithSelector(WrongSupply.selector, 1, 0, 1));
        this.requireSupply();
    }
}
